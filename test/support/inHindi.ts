import path from 'node:path';
import vm from 'node:vm';
import esbuild from 'esbuild';

const root = path.resolve(import.meta.dirname, '../..');

/** Modules with words, by their paths from the root, as they are in a thread that speaks Hindi: told so first, then loaded. */
export async function inHindi<Modules>(files: Record<keyof Modules & string, string>): Promise<Modules> {
  const loads = Object.entries<string>(files).map(([name, file]) => `${name}: require('./${file}')`);
  const contents = `
    const sentences = require('./l10n/bundle.l10n.hi.json');
    require('./src/extension/language/language.ts').speak({ name: 'hi', sentences });
    module.exports = { ${loads.join(', ')} };`;
  const { outputFiles } = await esbuild.build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
  });
  const module = { exports: {} as Modules };
  const load = vm.runInThisContext(`(module, require) => { ${outputFiles[0]!.text} }`) as (...given: unknown[]) => void;
  load(module, (name: string) => process.getBuiltinModule(name));
  return module.exports;
}
