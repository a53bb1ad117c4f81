// Records that a mail is made of, damaged: the others go out.

import assert from 'node:assert/strict';
import { closeSync, openSync, readFileSync, writeFileSync,
         writeSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { until } from '../crash/load.mjs';
import { daemon } from '../lib/daemon.mjs';
import { smtp } from '../lib/smtp.mjs';
import { leaves } from './fault.mjs';

const ACCOUNTS = 13;
const MAILS = 26;
const WHOSE = 8 + 5 + 8;        // in a row of MAILS: the account in its key

/** Every copy of a record, which its checksum then tells. */
function damage(d, wanted) {
  const file = join(d.dir, 'store/data.mdb');
  const data = readFileSync(file);
  const fd = openSync(file, 'r+');
  const found = leaves(file).flatMap(({ nodes }) => nodes)
    .filter((node) => node.site === 0 && wanted(node, data));
  assert.ok(found.length > 0);
  for (const node of found) {
    writeSync(fd, Buffer.from([0x5a, 0xa5, 0x5a, 0xa5]), 0, 4, node.value);
  }
  closeSync(fd);
}

for (const [what, said, tries, wanted] of [
  ['The account', 'a mail to account 1 cannot be made', [1],
   ({ table, number }) => table === ACCOUNTS && number === 1n],
  ['The row', 'the row of a mail to account 1 cannot be read', undefined,
   ({ table, at }, data) => table === MAILS
     && data.readBigUInt64BE(at + WHOSE) === 1n],
]) {
  test(`${what} of a mail is damaged: the one behind it goes out.`,
       async () => {
    const server = await smtp();
    const d = await daemon({ start: false });
    writeFileSync(join(d.dir, 'govd.conf'), [
      `smtp ${server.url}`, 'mail-from noreply@city.test',
      'portal-url https://www.city.test', ''].join('\n'));
    await d.start();

    server.refuse = (line) => line.startsWith('MAIL') && '451 go away';
    for (const login of ['one', 'two']) {
      const made = await d.command('user.create', {
        login, name: login, mail: `${login}@city.test` });
      assert.equal(made.status, 200, made.text);
    }
    await until(() => d.log().includes('no mail goes out'), 'held');
    await d.stop();
    damage(d, wanted);
    server.refuse = () => undefined;
    await d.start();

    const [mail] = await server.got(1);
    assert.equal(mail.to, 'two@city.test');
    assert.ok(d.log().includes(said), d.log());
    if (tries) {
      await until(async () => {
        const { body } = await d.query('mail.list');
        return body.rows.map((row) => row.tries).join() === tries.join();
      }, 'tried again later');
    }
  });
}
