import path from 'node:path';
import vm from 'node:vm';
import esbuild from 'esbuild';

const root = path.resolve(import.meta.dirname, '../..');

/** The exports of a module in the repository's root. The module and everything it requires are loaded anew, as in a thread. */
export async function loadAnew<Exports>(
  contents: string,
  packages: 'bundle' | 'external' = 'bundle',
  lend: (name: string) => unknown = (name) => process.getBuiltinModule(name),
): Promise<Exports> {
  const { outputFiles } = await esbuild.build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    packages,
    platform: 'node',
    format: 'cjs',
    define: { 'import.meta.url': '""' },
    write: false,
  });
  const module = { exports: {} as Exports };
  const load = vm.runInThisContext(`(module, require) => { ${outputFiles[0]!.text} }`) as (...given: unknown[]) => void;
  load(module, lend);
  return module.exports;
}
