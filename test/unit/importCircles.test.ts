import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import ts from '@typescript/typescript6';

/** The source files that each source file imports, imports of types included. */
function imports(): Map<string, string[]> {
  const files = fs.readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return new Map(
    files.map((name) => {
      const file = path.join('src', name);
      const own = ts
        .preProcessFile(fs.readFileSync(file, 'utf8'))
        .importedFiles.filter(({ fileName }) => fileName.startsWith('.'));
      const target = (imported: string): string => path.join(path.dirname(file), imported).replace(/\.js$/, '.ts');
      return [file, own.map(({ fileName }) => target(fileName))];
    }),
  );
}

/** The files of the first circle that is found, from one file back to itself; undefined without a circle. */
function circleIn(graph: Map<string, string[]>): string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, way: string[]): string[] | undefined => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of graph.get(file) ?? []) {
      const circle = visit(next, [...way, file]);
      if (circle) return circle;
    }
    done.add(file);
    return undefined;
  };
  return [...graph.keys()].map((file) => visit(file, [])).find((circle) => circle !== undefined);
}

describe('the imports of the source files', () => {
  it('form no circle', () => {
    const graph = imports();
    assert.ok(graph.size > 200, `only ${graph.size} were looked at`);
    assert.equal(circleIn(graph)?.join(' → '), undefined);
  });

  it('are reported if they form a circle', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['c', []],
      ['d', ['b']],
    ]);
    assert.deepEqual(circleIn(graph), ['b', 'd', 'b']);
  });
});
