// The bench's arithmetic on what perf and nginx said: see bench.sh.

import assert from 'node:assert/strict';

import { lateRounds, ownOf, spansOf, withoutAway }
  from '../bench/away.mjs';
import { coresOf, maskWithout } from '../bench/core.mjs';
import { judged } from '../bench/promises.mjs';

const SECOND = 1795951552;
const at = (us) => SECOND * 1e6 + us;
const record = (us, what = 'SAMPLE(IP, 0x1): 0/0: 0xff period: 2000000') =>
  `0 ${at(us)}017 0x5b30 [0x30]: PERF_RECORD_${what}`;
const spans = (...lines) => spansOf(lines);
const near = (got, want) => assert.deepEqual(
  got?.map((span) => span.map((us) => Math.round(us))),
  want?.map((span) => span.map(at)));

// perf: an interrupt was due after two milliseconds, and came after twenty
near(await spans(record(0), record(2000), record(22_400), record(24_000)),
     [[4000, 22_400]]);
near(await spans(record(0), 'a line of another kind', record(2900)), []);
near(await spans(record(0), record(3500), record(8750)),
     [[2000, 3500], [5500, 8750]]);

// on the beat: nothing was overdue
near(await spans(record(0), record(2000), record(22_000), record(26_040),
                 record(30_010)), []);
near(await spans(record(0), record(3500), record(8000)), [[2000, 3500]]);

// it let them rest, or lost some
near(await spans(record(0), record(10, 'THROTTLE'), record(900_400),
                 record(905_900)), [[902_400, 905_900]]);
near(await spans(record(0), record(400_000, 'UNTHROTTLE'),
                 record(400_400)), []);
near(await spans(record(0), record(50_000, 'LOST lost 12'), record(50_400)),
     []);
near(await spans(record(0), record(50_000, 'LOST_SAMPLES lost 12'),
                 record(50_400)), []);

// it did not run
near(await spans('perf: no'), undefined);
near(await spans(), undefined);

// nginx
const rounds = lateRounds(
  `2026/11/29 11:25:52 [notice] 7#7: gov loop: a round of 20600 us ended at ${
    SECOND}.021000\n2026/11/29 11:25:52 [notice] 7#7: reconfiguring\n`
  + `2026/11/29 11:25:52 [notice] 7#7: gov loop: a round of 5001 us ended at ${
    SECOND}.000007\n`);
assert.deepEqual(rounds, [{ us: 20_600, end: at(21_000) },
                          { us: 5001, end: at(7) }]);

// a round without the spans that overlap it, to its very ends
const round = { us: 10_000, end: at(10_000) };
const own = (...some) => ownOf(round, some.map((span) => span.map(at)));
assert.equal(own(), 10_000);
assert.equal(own([2000, 9000]), 3000);
assert.equal(own([-5000, 4000]), 6000);
assert.equal(own([9000, 12_000], [1000, 3000]), 7000);
assert.equal(own([-5000, 15_000]), 0);
assert.equal(own([-5000, 0], [10_000, 12_000]), 10_000);

// the longest: what is left of the one that lost least, 5 ms at least
const away = (...some) => some.map((span) => span.map(at));
const longest = (seen, logged, ...some) =>
  withoutAway(seen, logged, away(...some));
const two = [round, { us: 7000, end: at(100_000) }];
assert.deepEqual(longest({ longest: 10_000, counted: 2 }, two, [0, 9000]),
                 { own: 7000, late: 2, left: 7000 });
assert.deepEqual(longest({ longest: 10_000, counted: 2 }, two, [0, 9000],
                         [94_000, 100_000]),
                 { own: 5000, late: 2, left: 1000 });

// nothing was late; a round is not told; one came after the count
assert.deepEqual(longest({ longest: 4100, counted: 0 }, [], [0, 9000]),
                 { own: 4100, late: 0 });
assert.deepEqual(longest({ longest: 10_000, counted: 3 }, two, [0, 9000]),
                 { own: 10_000, late: 0 });
assert.deepEqual(longest({ longest: 11_000, counted: 2 }, two, [0, 9000]),
                 { own: 11_000, late: 0 });
assert.deepEqual(longest({ longest: 7000, counted: 1 }, two, [0, 9000]),
                 { own: 7000, late: 1, left: 7000 });

// what is promised of it, where it was seen and where it was not
const figures = (all) => Object.fromEntries(Object.entries(all).map(
  ([name, value]) => [name, { value }]));
const promised = (all) => judged(figures(all))
  .filter(({ unit }) => unit === 'ms').map(({ value }) => value);
assert.deepEqual(promised({ hit_stall: 29, hit_stall_own: 5, random_stall: 6,
                            random_stall_beside: 40 }), [29, 6]);
assert.deepEqual(promised({ hit_stall: 29, random_stall: 6 }), [29, 29]);

// the kernel's lists and masks of cores
const eight = [0, 1, 2, 3, 4, 5, 6, 7];
assert.deepEqual(coresOf('0-2,5\n', eight), [0, 1, 2, 5]);
assert.deepEqual(coresOf('0-127', [0, 1]), [0, 1]);
assert.deepEqual(coresOf('\n', eight), []);
assert.equal(maskWithout('3\n', 0), '2');
assert.equal(maskWithout('1', 0), '0');
assert.equal(maskWithout('ff,ffffffff', 0), 'ff,fffffffe');
assert.equal(maskWithout('ff,ffffffff', 33), 'fd,ffffffff');
assert.equal(maskWithout('00000001,00000001', 0), '1,00000000');

console.log('the arithmetic holds');
