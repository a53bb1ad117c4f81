// From rounds to figures.  A ratio is the median over the rounds of the ratio
// within a round, and more is better in each.

export const twinOf = (name) => `${name}_twin`;

export const sorted = (list) => [...list].sort((a, b) => a - b);

export function quantile(list, q) {
  const all = sorted(list);
  const at = (all.length - 1) * q;
  const low = Math.floor(at);
  return all[low] + (all[Math.ceil(at)] - all[low]) * (at - low);
}

export const median = (list) => quantile(list, 0.5);

export const ratio = (seen, name, base, what = 'cpu') => median(
  seen[name].map((x, i) => (what === 'perSecond'
    ? x.perSecond / seen[base][i].perSecond
    : seen[base][i][what] / x[what])));

/** Which of these costs the least CPU. */
export const best = (seen, names) => names.reduce((a, b) => (
  median(seen[a].map((x) => x.cpu)) <= median(seen[b].map((x) => x.cpu))
    ? a : b));

export function shuffled(list) {
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}

const MEASURES = [
  { measure: 'cpu', unit: 'us/request', digits: 2 },
  { measure: 'perSecond', unit: 'requests/s', digits: 0 },
  { measure: 'p99', unit: 'us', digits: 0 },
];

/** CPU, rate and p99 of all beside the base, of twins beside the other. */
export function reportRounds(report, prefix, seen, base) {
  for (const name of Object.keys(seen)) {
    const twin = Object.keys(seen).find((other) => twinOf(other) === name);
    for (const { measure, unit, digits } of MEASURES) {
      const values = seen[name].map((x) => x[measure]);
      report(`${prefix}_${name}_${measure}`, median(values).toFixed(digits),
             unit, { target: name, measure,
                     low: Math.min(...values), high: Math.max(...values),
                     ratio: ratio(seen, name, twin ?? base, measure),
                     beside: twin ? `${twin}, A/A` : base });
    }
  }
}

/** One more ratio of CPU that somebody asks for by name. */
export function reportRatio(report, name, seen, one, other) {
  report(name, ratio(seen, one, other).toFixed(3),
         `${one} beside ${other}, CPU`);
}
