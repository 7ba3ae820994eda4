import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** The English of every `t(…)` in the folders' sources: what there is to translate. Fails where it is not written out. */
export function sentencesIn(...folders: string[]): string[] {
  const files = folders.flatMap((folder) =>
    fs
      .readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => path.join(folder, file)),
  );
  return [...new Set(files.flatMap(sentencesOf))].sort();
}

function sentencesOf(file: string): string[] {
  const source = ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 't') {
      const [sentence] = node.arguments;
      if (!sentence || !ts.isStringLiteral(sentence))
        throw new Error(`${file}: t(…) takes a sentence that is written out, not ${node.getText()}`);
      found.push(sentence.text);
    }
    node.forEachChild(visit);
  };
  if (source.text.includes("from '@vscode/l10n'")) visit(source);
  return found;
}

/** `{name}` and the like, in order; a translation has the same, wherever they stand. */
export const placeholdersIn = (text: string): string[] => (text.match(/\{[^}]*\}/g) ?? []).sort();
