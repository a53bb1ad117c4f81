// Builds lua/assets/dist/ from lua/assets/ and npm's packages: bundled,
// minified, named by content, listed in manifest.json ("gov.css" ->
// "gov-1a2b3c4d.css"), the packages' licences beside them.  `--check` writes
// nothing and fails when dist/ is not what the sources give.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync,
         writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { build } from 'esbuild';

const project = fileURLToPath(new URL('../', import.meta.url));
const root = join(project, 'lua/assets');
const dist = join(root, 'dist');

// The names templates know, and what they are built from.
const BUNDLES = {
    'gov.css': 'gov.css',
    'gov.js': 'gov.js',
    'console.css': 'console.css',
    'console.js': 'console/console.js',
    'editor.css': 'console/editor.css',
    'editor.js': 'console/editor.js',
    'docx.js': 'console/docx.js',
};

// What a page's files may weigh, gzipped; docx.js comes when it is asked for.
const KB = 1024;
const BUDGETS = [
    { page: 'public page', most: 28 * KB, files: ['gov.css', 'gov.js'] },
    { page: 'console', most: 70 * KB, files: ['console.css', 'console.js'] },
    { page: 'edit page', most: 340 * KB,
      files: ['console.css', 'console.js', 'editor.css', 'editor.js'] },
];

// The oldest browsers that get the whole style: the engines of the browsers
// of domestic desktops and of the messengers' built-in views; for the console
// those of a desk that have dialogs.
const PUBLIC = ['chrome80', 'safari13', 'firefox78'];
const CONSOLE = ['chrome80', 'safari15.4', 'firefox98'];

// Of jodit's languages two come along, and of what it brings by itself not
// this; an empty module stands in.
const LANGUAGES = ['en', 'keys', 'zh_cn'];
const UNWANTED = ['about', 'color', 'font', 'iframe', 'link',
                  'powered-by-jodit'];

const slimJodit = {
    name: 'slim-jodit',
    setup(b) {
        const filter = /[\\/]jodit[\\/]esm[\\/](langs|plugins)[\\/][^\\/]+/;

        b.onLoad({ filter }, ({ path }) => {
            const [, kind, name] = /esm.(langs|plugins).([\w-]+)/.exec(path);
            const wanted = kind === 'langs' ? LANGUAGES.includes(name)
                : !UNWANTED.includes(name);

            return wanted ? undefined
                : { contents: 'export default {};', loader: 'js' };
        });
    },
};


async function bundle([name, from]) {
    const { outputFiles, metafile } = await build({
        absWorkingDir: project,
        entryPoints: [join(root, from)],
        outfile: join(dist, name),
        write: false,
        bundle: true,
        minify: true,
        metafile: true,
        format: name === 'docx.js' ? 'esm' : 'iife',
        charset: 'utf8',
        target: from.startsWith('gov.') ? PUBLIC : CONSOLE,
        legalComments: 'none',
        loader: { '.svg': 'text' },
        plugins: [slimJodit],
        logLevel: 'error',
    });
    const code = outputFiles[0].text;
    const hash = createHash('sha256').update(code).digest('hex').slice(0, 8);

    return {
        name,
        file: name.replace('.', `-${hash}.`),
        code,
        size: gzipSync(code, { level: 9 }).length,
        inputs: Object.keys(metafile.inputs),
    };
}


/** The licence of every package whose code went into a bundle. */
function licences(bundles) {
    const names = bundles.flatMap((b) => b.inputs)
        .map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
        .filter(Boolean);

    return [...new Set(names)].sort().map((name) => {
        const folder = join(project, 'node_modules', name);
        const { version, license } = JSON.parse(
            readFileSync(join(folder, 'package.json'), 'utf8'));
        const text = readdirSync(folder).find((f) => /^licen[cs]e/i.test(f));

        return `${name} ${version} (${license})\n\n`
            + (text ? readFileSync(join(folder, text), 'utf8').trim() : '')
            + '\n';
    }).join(`\n${'-'.repeat(72)}\n\n`);
}


function weigh(bundles) {
    for (const { page, most, files } of BUDGETS) {
        const sum = files.map((f) => bundles.find((b) => b.name === f).size)
            .reduce((x, y) => x + y);

        if (sum > most) {
            throw new Error(`${page}: ${sum} bytes gzipped, over its budget`);
        }
    }
}


const bundles = await Promise.all(Object.entries(BUNDLES).map(bundle));
const files = new Map([
    ...bundles.map((b) => [b.file, b.code]),
    ['licences.txt', licences(bundles)],
    ['manifest.json', JSON.stringify(Object.fromEntries(
        bundles.map((b) => [b.name, b.file])), null, 2) + '\n'],
]);

weigh(bundles);

if (process.argv.includes('--check')) {
    const there = existsSync(dist) ? readdirSync(dist) : [];

    if (there.length !== files.size
        || there.some((f) => readFileSync(join(dist, f), 'utf8')
                             !== files.get(f)))
    {
        console.error('lua/assets/dist is old: run make assets');
        process.exit(1);
    }

} else {
    rmSync(dist, { recursive: true, force: true });
    mkdirSync(dist);

    for (const [file, text] of files) {
        writeFileSync(join(dist, file), text);
    }

    for (const b of bundles) {
        console.log(`${b.file}  ${b.code.length} bytes, ${b.size} gzipped`);
    }
}
