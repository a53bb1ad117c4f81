// Commands about sites, columns, links and banners, and imports: each with an
// input that is made afresh, so that it can be given again and again.

const COLUMNS = [{ id: 1, slug: 'news', name: '要闻', kind: 'news' }];

/** d: a daemon with someSites(); run: a command that must go through. */
export async function siteCommands(d, run) {
  let n = 0;

  for (const name of ['township', 'department']) {
    await run('blueprint.put', { name, title: '样板', columns: COLUMNS });
  }

  const unit = (more = {}) => ({ code: `S${++n}`, name: `单位${n}`,
                                 level: 'county', parent: '610400',
                                 slug: `s${n}`, mode: 'subsite', ...more });
  const site = async (more) => (await run('site.create', unit(more))).code;
  const live = async () => {
    const code = await site();
    await run('site.live', { site: code });
    return code;
  };
  const at = (make, more = () => ({})) => async () => ({
    site: await make(), ...more() });

  const blob = async (bytes) => {
    const put = await d.call('ctl', 'PUT', 'blobs', { body: bytes });
    return put.body.digest;
  };
  const exported = async () => {
    const lines = await d.work('site.export', { site: '610402' });
    return blob(lines.filter((line) => !line.end)
      .map((line) => `${JSON.stringify(line)}\n`).join(''));
  };

  const column = async () => {
    const slug = `c${++n}`;
    await run('column.create', { site: '610402', slug, name: `栏目${n}`,
                                 kind: 'news' });
    return slug;
  };
  const group = async () => {
    const name = `g${++n}`;
    await run('link.share', { site: '610400', group: name, title: '链接',
                              links: [{ title: '甲', url: 'https://a.test' }] });
    return name;
  };
  const taken = async () => {
    const name = await group();
    await run('link.take', { site: '610402', from: '610400', group: name });
    return name;
  };

  return {
    'site.create': async () => unit(),
    'site.import': async () => ({ rows: [unit(), unit()] }),
    'site.set': async () => ({ site: '610402', about: `简介${++n}` }),
    'site.move': async () => {
      const to = await site();
      return { parent: to, site: await site({
        level: 'township', parent: '610402', mode: 'page' }) };
    },
    'site.slug': at(site, () => ({ slug: `t${++n}` })),
    'site.mode': at(site, () => ({ mode: 'page' })),
    'site.host.add': at(site, () => ({ host: `h${++n}.test` })),
    'site.host.remove': async () => {
      const host = `b${++n}.test`;
      return { host, site: await site({ host: [`a${n}.test`, host] }) };
    },
    'site.live': at(site),
    'site.suspend': at(live, () => ({ notice: '整改' })),
    'site.resume': async () => {
      const code = await live();
      await run('site.suspend', { site: code, notice: '整改' });
      return { site: code };
    },
    'site.merge': at(live, () => ({ into: '610400' })),
    'site.archive': at(live, () => ({ notice: '关停' })),
    'site.restore': async () => {
      const file = await exported();
      await run('site.set', { site: '610402', about: `改了${++n}` });
      return { file };
    },
    'blueprint.put': async () => ({ name: `b${++n}`, title: '样板',
                                    columns: COLUMNS }),
    'policy.put': async () => ({ name: 'security', rules: [
      { from: '2020-01-01', contact: `mailto:a${++n}@city.test` }] }),
    'column.create': async () => ({ site: '610402', slug: `c${++n}`,
                                    name: `栏目${n}`, kind: 'news' }),
    'column.set': async () => ({ site: '610402', column: await column(),
                                 name: `新名${++n}` }),
    'column.remove': async () => ({ site: '610402',
                                    column: await column() }),
    'doc.import': async () => {
      const code = await site();
      await run('site.set', { site: code, reviews: 0 });
      return { site: code, column: 'news', rows: [
        { id: `old-${++n}`, title: '旧文', body_md: '正文' }] };
    },
    'file.add': async () => {
      const bytes = Buffer.from(`第 ${++n} 件附件`);
      return { site: '610402', name: `a${n}.txt`, size: bytes.length,
               digest: await blob(bytes) };
    },
    'link.share': async () => ({ site: '610400', group: `g${++n}`,
                                 title: '链接', links: [
      { title: '乙', url: 'https://b.test/' }] }),
    'link.unshare': async () => ({ site: '610400', group: await group() }),
    'link.take': async () => ({ site: '610402', from: '610400',
                                group: await group() }),
    'link.drop': async () => ({ site: '610402', from: '610400',
                                group: await taken() }),
    'banner.set': async () => ({ site: '610402', title: `预警${++n}` }),
    'banner.clear': async () => ({
      id: (await run('banner.set', { site: '610402', title: '大风' })).id }),
  };
}
