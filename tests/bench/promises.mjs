// What the platform promises of itself and what it aims at.  `of` finds the
// figure: its name, or a function of all figures by name.  `twin` is the same
// measured of nothing: how far it is from 1 the machine does not resolve.

const longest = (figures, of) => Math.max(...Object.keys(figures)
  .filter((name) => name.endsWith('_stall')).map((name) => of(name).value));

const stall = (figures) => longest(figures, (name) => figures[name]);
const ownStall = (figures) => longest(
  figures, (name) => figures[`${name}_own`] ?? figures[name]);

const most = (figure, of, must, aim, unit, twin) => ({
  figure, of, must, aim, unit, most: true, twin });
const least = (figure, of, must, aim, unit) => ({ figure, of, must, aim,
                                                  unit });

export const PROMISES = [
  most('page-copy hit: system calls', 'hit_copy_syscalls', 3, 3),
  most('page-copy hit: user instructions', 'hit_copy_instructions', 12000,
       10500),
  most('the same with an access log', 'hit_copy_instructions_logged', 14000,
       12500),
  least('page-copy hit beside gzip_static, open_file_cache and sendfile, CPU',
        'hit_beside_static', 1.3, 1.5, 'times'),
  least('page-copy hit beside the best static, CPU', 'hit_beside_best_static',
        1.0, 1.15, 'times'),
  least('every site at random beside the best files, CPU',
        'random_beside_best_files', 1.5, 1.8, 'times'),
  least('every site at random beside `return 200`, CPU',
        'random_beside_return', 0.7, 0.85, 'times'),
  least('every site at random beside one site, CPU', 'random_beside_one_site',
        0.9, 0.95, 'times'),
  most('a home page with 64 links without a copy, CPU', 'cold64_all', 800, 500,
       'us'),
  most('of it Lua', 'cold64_script', 80, 40, 'us'),
  least('onboarding the national list under load', 'country_onboard', 3000,
        10000, 'sites/s'),
  most('requests that failed meanwhile', 'country_onboard_failed', 0, 0),
  most('store a site', 'country_store_each', 1024, 600, 'bytes'),
  most('private memory a site and worker', 'country_memory_each', 128, 64,
       'bytes'),
  most('descriptors of a process with the whole list',
       'country_descriptors_all', 150, 100),
  most('maps of a process with the whole list', 'country_maps_all', 300, 200),
  most('start with the whole list', 'country_start_all', 2, 0.5, 's'),
  most('16 publishers: p99 of a command in synced commits',
       'publish_quiet_p99_in_commits', 20, 8),
  most('the same while the country is read', 'publish_read_p99_in_commits', 20,
       8),
  most('readers of one hot page meanwhile: CPU', 'publish_hot_readers_cpu',
       1.1, 1.03, 'times'),
  most('the same: p99', 'publish_hot_readers_p99', 1.25, 1.1, 'times',
       'publish_hot_twin_readers_p99'),
  most('readers of every site at random meanwhile: CPU',
       'publish_random_readers_cpu', 1.1, 1.03, 'times'),
  most('the same: p99', 'publish_random_readers_p99', 1.25, 1.1, 'times',
       'publish_random_twin_readers_p99'),
  most('console: lists, search of sites and tasks, 1,000,000 documents beside '
       + '10,000', 'console_dearest', 1.2, 1.1, 'times'),
  most('a console page without a copy beside a public column page',
       'console_cold', 3, 2, 'times'),
  most('what a console page loads, gzipped', 'console_assets', 80, 40, 'KB'),
  most('what the edit page loads, gzipped', 'console_assets_edit', 350, 250,
       'KB'),
  most('what a public page loads, gzipped', 'console_assets_public', 60, 20,
       'KB'),
  most('100 editors at work: CPU of readers of one hot page',
       'editors_calm_hot_visitors_cpu', 1.1, 1.03, 'times'),
  most('the same: p99', 'editors_calm_hot_visitors_p99', 1.1, 1.03, 'times',
       'editors_calm_hot_twin_p99'),
  most('100 editors at work: CPU of readers of every site',
       'editors_calm_random_visitors_cpu', 1.1, 1.03, 'times'),
  most('the same: p99', 'editors_calm_random_visitors_p99', 1.1, 1.03,
       'times', 'editors_calm_random_twin_p99'),
  most('a neighbour of a site at its limits: CPU',
       (figures) => figures.fence_extra?.ratio, 1.05, 1.05, 'times'),
  most('longest round of a worker\'s event loop', stall, 10, 2, 'ms'),
  most('the same without what the machine took from its core', ownStall, 10, 2,
       'ms'),
];

/** [{ figure, value, must, aim, unit, most, holds, reached }], known ones. */
export function judged(figures) {
  return PROMISES.map((promise) => {
    const value = typeof promise.of === 'function' ? promise.of(figures)
      : figures[promise.of]?.value;
    const meets = (limit) => (promise.most ? value <= limit : value >= limit);
    return { ...promise, value, twin: figures[promise.twin]?.value,
             holds: meets(promise.must), reached: meets(promise.aim) };
  }).filter(({ value }) => Number.isFinite(value));
}
