// Something to look at: a page of every kind on the three tiny sites.

import { CITY, COUNTY } from '../lib/sites.mjs';

const POLICY = `各县市区人民政府，市人民政府各工作部门：

《示例市城市供热管理办法》已经市政府常务会议审议通过，现印发给你们，请认真贯彻执行。

## 第一章 总则

第一条 为了规范城市供热用热行为，维护用热人、供热人的合法权益，结合本市实际，制定本办法。

第二条 本市行政区域内的供热规划、建设、经营、使用和管理，适用本办法。

## 第二章 供热

第三条 供热期和温度按照下表执行，有关单位应当提前公告。

| 区域 | 供热期 | 室内温度 | 投诉电话 | 责任单位 | 备注 |
| --- | --- | --- | --- | --- | --- |
| 主城区 | 11月15日至次年3月15日 | 不低于18℃ | 12345 | 市住房城乡建设局 | 极寒天气提前 |
| 各县 | 由县人民政府公告 | 不低于18℃ | 12345 | 县住房城乡建设局 | 报市政府备案 |

第四条 本办法自2026年12月1日起施行。
`;

const NEWS = `11月19日，市政府召开常务会议，研究今冬供暖、保供稳价和安全生产工作。

会议强调，要把群众温暖过冬作为头等大事，热源、管网、换热站逐一检查，问题不过夜。
`;

/** What the tests look at: a list of { name, url, status }. */
export async function fill(p) {
  const city = `http://city.test:${p.port}`;
  const county = `http://county.test:${p.port}`;

  const publish = async (site, column, title, body, fields = {}) => {
    const { doc } = await p.run('doc.create', {
      site, column, title, body, publish: true, ...fields,
    });
    return doc;
  };

  await p.run('site.set', {
    site: CITY, about: '示例市人民政府门户网站。',
    contact: '029-00000000（工作日8:30—17:30）',
    site_id_code: '6104000001', sponsor: '示例市人民政府办公室',
    icp: '陕ICP备00000000号', psb: '陕公网安备61040200000000号',
  });
  await p.run('site.live', { site: CITY });
  await p.run('site.set', { site: COUNTY, brand: '#0b4f8a' });
  await p.run('banner.set', {
    site: COUNTY, level: 'orange', title: '低温雨雪冰冻橙色预警',
    text: '预计今夜至后天有小到中雪，请注意防寒保暖和交通安全。',
    url: 'http://city.test/',
  });

  const old = await publish(CITY, 'xxgk/zcwj', '示例市城市供热管理办法',
    POLICY, {
      number: '示政发〔2016〕7号', issuer: '示例市人民政府',
      written: '2016-10-08', validity: 'repealed', topic: '城乡建设',
    });
  const policy = await publish(CITY, 'xxgk/zcwj',
    '示例市人民政府关于印发《示例市城市供热管理办法》的通知', POLICY, {
      number: '示政发〔2026〕18号', issuer: '示例市人民政府',
      written: '2026-11-18', effective: '2026-11-19', topic: '城乡建设',
      index_number: '000014349/2026-00218', replaces: old,
    });
  await publish(CITY, 'xxgk/zcjd', '《示例市城市供热管理办法》解读', NEWS,
                { interprets: policy });

  await p.run('doc.import', {
    site: CITY, column: 'xxgk/tzgg',
    rows: Array.from({ length: 45 }, (_, i) => ({
      id: `notice-${i}`, title: `关于第${i + 1}批公共服务设施检修的通告`,
      body_md: NEWS,
    })),
  });
  const news = await publish(CITY, 'xxgk/yw',
    '市政府常务会议研究今冬供暖和保供稳价工作', NEWS,
    { summary: '热源、管网、换热站逐一检查。' });
  await publish(CITY, 'xxgk/gkzn', '政府信息公开指南', NEWS);
  await publish(COUNTY, 'xxgk/tzgg', '关于低温雨雪天气防范应对的通知', NEWS);
  await p.run('doc.refer', { doc: news, to: [`${COUNTY}/xxgk/yw`] });

  const gone = await publish(CITY, 'xxgk/tzgg', '有误的通告', NEWS);
  await p.run('doc.withdraw', {
    doc: gone, reason: '内容有误，已重新发布。', replacement: news,
  });

  return [
    { name: 'home of a city', url: `${city}/` },
    { name: 'home of a county', url: `${county}/` },
    { name: 'home of a township', url: `${county}/town/` },
    { name: 'section', url: `${city}/xxgk/` },
    { name: 'list', url: `${city}/xxgk/tzgg/` },
    { name: 'second page', url: `${city}/xxgk/tzgg/index_2.html` },
    { name: 'list of official documents', url: `${city}/xxgk/zcwj/` },
    { name: 'profile', url: `${city}/xxgk/gkzn/` },
    { name: 'empty column', url: `${county}/xxgk/rsrm/` },
    { name: 'official document', url: `${city}/xxgk/zcwj/${policy}.html` },
    { name: 'repealed document', url: `${city}/xxgk/zcwj/${old}.html` },
    { name: 'news', url: `${city}/xxgk/yw/${news}.html` },
    { name: 'news of another site', url: `${county}/xxgk/yw/${news}.html` },
    { name: 'withdrawn document', url: `${city}/xxgk/tzgg/${gone}.html`,
      status: 410 },
    { name: 'site map', url: `${city}/map.html` },
    { name: 'page not found', url: `${city}/nothing.html`, status: 404 },
    { name: 'unknown host', url: `http://nobody.test:${p.port}/`,
      status: 421 },
  ];
}
