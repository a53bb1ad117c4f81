// What govd does by itself once in a new store: the last of it is that the
// library knows all files.  Who counts entries, or copies the file, waits.
//
//     await settled((...args) => p.ctl(...args));

export async function settled(ctl) {
  let said;
  do {
    said = await ctl('store', 'dump', '--journal');
  } while (!said.includes('file.gather'));
}
