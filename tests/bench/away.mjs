// When the machine took the server's core away altogether, moment by moment,
// and what of a late round of the worker's event loop is left without that.
//
// perf's clock interrupts that core 500 times a second, whoever runs, inside
// the kernel too; more would cost a percent of what is measured.  Where none
// came for more than three milliseconds, and then one off the beat of the
// others, because it was overdue, nothing ran there: the core was away from
// when the next one was due until that one came.  Nothing is claimed where the
// next comes on the beat, for then perf left some out, as it does of a task
// that it may not see; nor where it says that it let them rest, as on a core
// that sleeps, or lost some.

import { createInterface } from 'node:readline';
import { rmSync } from 'node:fs';
import { spawn } from 'node:child_process';

import { SERVER_CORE, background } from './load.mjs';

const EVERY = 2000;         // microseconds between two interrupts
const SILENT = 3000;        // microseconds without any that are looked at
const BEAT = 50;            // microseconds from it that one comes in time
const LATE = 5000;          // microseconds of a round that nginx logs

const RECORD = new RegExp('^\\d+ (\\d+) 0x[\\da-f]+ \\[0x[\\da-f]+\\]: '
  + 'PERF_RECORD_(SAMPLE|LOST|LOST_SAMPLES|THROTTLE|UNTHROTTLE)\\b');

/** Whether so long after one that came in time another comes in time. */
const onBeat = (us) => us % EVERY <= BEAT || us % EVERY >= EVERY - BEAT;

/**
 * [[from, to]] in microseconds since 1970, from the lines of "perf script -D";
 * undefined where there is no interrupt among them.
 */
export async function spansOf(lines) {
  const spans = [];
  let beat;
  let last;
  let sure = false;
  for await (const line of lines) {
    const [, nanoseconds, what] = RECORD.exec(line) ?? [];
    if (what === 'SAMPLE') {
      const at = Number(nanoseconds) / 1e3;
      const inTime = !sure || onBeat(at - beat);
      if (!inTime && at - last > SILENT) {
        spans.push([last + EVERY, at]);
      }
      beat = inTime ? at : beat;
      last = at;
    }
    sure = what === undefined ? sure : what === 'SAMPLE';
  }
  return last === undefined ? undefined : spans;
}

/** The rounds that an error.log tells: [{ us, end }], in microseconds. */
export const lateRounds = (log) => [...log.matchAll(
  /gov loop: a round of (\d+) us ended at (\d+)\.(\d{6})/g)]
  .map(([, us, seconds, rest]) => ({ us: Number(us),
                                     end: Number(seconds + rest) }));

/** Microseconds of a round that no span takes. */
export const ownOf = ({ us, end }, spans) => us - spans.reduce(
  (sum, [from, to]) => sum + Math.max(
    0, Math.min(to, end) - Math.max(from, end - us)), 0);

/**
 * What the longest round was at most without the spans, by the rounds that were
 * logged; left: the most that remains of one of them.  Of rounds that were not
 * late it is known that they were not.  Where none was late, or the log does
 * not tell all that were counted, the longest stays as it is.
 */
export function withoutAway({ longest, counted }, logged, spans) {
  const late = logged.filter(({ us }) => us <= longest);
  if (late.length < counted || !late.some(({ us }) => us === longest)) {
    return { own: longest, late: 0 };
  }
  const left = Math.max(...late.map((round) => ownOf(round, spans)));
  return { own: Math.max(left, LATE), late: late.length, left };
}

/** Watches from now on until end(); what it finds is in a file meanwhile. */
export class Watch {
  #perf;
  #closed;
  #spans = [];

  constructor(file) {
    this.file = file;
    this.#begin();
  }

  #begin() {
    rmSync(this.file, { force: true });
    this.#perf = background('perf', ['record', '-q', '-B', '-N',
      '-e', 'cpu-clock', '-c', String(1000 * EVERY), '-C', String(SERVER_CORE),
      '-k', 'CLOCK_REALTIME', '-o', this.file]);
    this.#closed = new Promise((done) => {
      this.#perf.on('error', done);
      this.#perf.on('close', done);
    });
  }

  async end() {
    this.#perf.kill('SIGINT');
    await this.#closed;
  }

  async #read() {
    const perf = spawn('perf', ['script', '-D', '-i', this.file],
                       { stdio: ['ignore', 'pipe', 'ignore'] });
    perf.on('error', () => {});
    return spansOf(createInterface({ input: perf.stdout }));
  }

  /** All until now; undefined where perf cannot be run. */
  async spans() {
    await this.end();
    const found = await this.#read();
    this.#spans.push(...found ?? []);
    this.#begin();
    return found && this.#spans;
  }
}
