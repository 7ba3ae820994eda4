import assert from 'node:assert/strict';
import fs from 'node:fs';

interface Manifest {
  contributes: { commands: { command: string }[] };
}

describe('the ids of the commands', () => {
  it('are those of package.json: npm run build writes them anew', () => {
    const { contributes } = JSON.parse(fs.readFileSync('package.json', 'utf8')) as Manifest;
    const source = fs.readFileSync('src/extension/commands/commandIds.ts', 'utf8');
    const written = [...source.matchAll(/^ {2}\| '(.*)'/gm)].map(([, id]) => id);
    assert.deepEqual(written, contributes.commands.map(({ command }) => command).sort());
  });

  it('stand nowhere else as an argument of executeCommand, where a wrong one would compile', () => {
    const files = fs.readdirSync('src/extension', { recursive: true, encoding: 'utf8' });
    const sources = files.filter((file) => file.endsWith('.ts')).map((file) => `src/extension/${file}`);
    // The one exception is a command that VS Code makes for the view.
    const wrong = /executeCommand\(\s*['"]tally\.(?!warehouse\.focus')/;
    const calls = sources.filter((file) => wrong.test(fs.readFileSync(file, 'utf8')));
    assert.deepEqual(calls, []);
  });
});
