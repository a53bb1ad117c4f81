// Builds lua/assets/dist/ from lua/assets/: minified, named by content, listed
// in manifest.json ("gov.css" -> "gov-1a2b3c4d.css").  `--check` builds
// nothing and fails when dist/ is not what the sources give.

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync }
    from 'node:fs';
import { join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { transformSync } from 'esbuild';

const SOURCES = ['gov.css', 'gov.js'];

// The oldest browsers that get the whole style: the engines of the browsers
// of domestic desktops and of the messengers' built-in views.
const TARGET = ['chrome80', 'safari13', 'firefox78'];

// What a page may weigh, gzipped.
const BUDGET = { '.css': 16 * 1024, '.js': 12 * 1024 };

const root = fileURLToPath(new URL('../lua/assets/', import.meta.url));
const dist = join(root, 'dist');


function build(name) {
    const { name: stem, ext } = parse(name);
    const { code } = transformSync(readFileSync(join(root, name), 'utf8'), {
        loader: ext.slice(1),
        minify: true,
        charset: 'utf8',
        target: TARGET,
        legalComments: 'none',
    });
    const hash = createHash('sha256').update(code).digest('hex').slice(0, 8);
    const size = gzipSync(code, { level: 9 }).length;

    if (size > BUDGET[ext]) {
        throw new Error(`${name}: ${size} bytes gzipped, over its budget`);
    }

    return { name, file: `${stem}-${hash}${ext}`, code, size };
}


const built = SOURCES.map(build);
const manifest = JSON.stringify(
    Object.fromEntries(built.map((b) => [b.name, b.file])), null, 2) + '\n';

if (process.argv.includes('--check')) {
    const same = readFileSync(join(dist, 'manifest.json'), 'utf8') === manifest
        && built.every((b) =>
            readFileSync(join(dist, b.file), 'utf8') === b.code);

    if (!same) {
        console.error('lua/assets/dist is old: run make assets');
        process.exit(1);
    }

} else {
    mkdirSync(dist, { recursive: true });

    for (const old of readdirSync(dist)) {
        rmSync(join(dist, old));
    }

    for (const b of built) {
        writeFileSync(join(dist, b.file), b.code);
        console.log(`${b.file}  ${b.code.length} bytes, ${b.size} gzipped`);
    }

    writeFileSync(join(dist, 'manifest.json'), manifest);
}
