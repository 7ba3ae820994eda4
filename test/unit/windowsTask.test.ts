import assert from 'node:assert/strict';
import vm from 'node:vm';
import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import {
  schtasksLine,
  taskDefinition,
  taskFiles,
  taskScript,
  utf16,
  windowsQuoted,
} from '../../src/extension/schedule/windowsTask.js';

/**
 * The words of a command line after the program, by the documented rules of CommandLineToArgvW: 2n backslashes and a quote are n backslashes and
 * the end or the start of a quoted part; 2n+1 are n backslashes and a quote; other backslashes stand for themselves.
 */
function commandLineToArgv(line: string): string[] {
  const words: string[] = [];
  let [word, isWord, isQuoted] = ['', false, false];
  for (let i = 0; i < line.length;) {
    const slashes = /^\\*/.exec(line.slice(i))![0].length;
    const next = line[i + slashes];
    if (next === '"') {
      word += '\\'.repeat(Math.floor(slashes / 2));
      if (slashes % 2 === 1) word += '"';
      else isQuoted = !isQuoted;
      isWord = true;
      i += slashes + 1;
    } else if (slashes > 0) {
      word += '\\'.repeat(slashes);
      isWord = true;
      i += slashes;
    } else if (!isQuoted && /[ \t]/.test(next!)) {
      if (isWord) words.push(word);
      [word, isWord] = ['', false];
      i += 1;
    } else {
      word += next!;
      isWord = true;
      i += 1;
    }
  }
  return isWord ? [...words, word] : words;
}

const script = 'C:\\Users\\Asha & Sons\\Library <1>\\tally-warehouse.js';

/** The task as an XML parser sees it. */
function taskOf(definition: string): Record<string, Record<string, Record<string, unknown>>> {
  return (new XMLParser().parse(definition) as { Task: ReturnType<typeof taskOf> }).Task;
}

describe('a word of a Windows command line', () => {
  it('is read back as it was, whatever it holds', () => {
    const characters = fc.string({ unit: fc.constantFrom('\\', '"', ' ', '\t', 'a', 'é', 'भ', '%', '&', "'") });
    fc.assert(
      fc.property(fc.array(characters, { maxLength: 5 }), (words) => {
        assert.deepEqual(commandLineToArgv(words.map(windowsQuoted).join(' ')), words);
      }),
      { numRuns: 2000, seed: 5 },
    );
  });

  it('is in quotes only where it has to be, and a backslash at its end is no escape', () => {
    assert.equal(windowsQuoted('C:\\Tally\\x.cmd'), 'C:\\Tally\\x.cmd');
    assert.equal(windowsQuoted('C:\\My Books\\'), '"C:\\My Books\\\\"');
    assert.equal(windowsQuoted(''), '""');
  });
});

describe('the scheduled sync on Windows', () => {
  it('runs on battery too, comes later when the computer was off, and never twice at once', () => {
    const { Settings } = taskOf(taskDefinition({ user: 'PC\\Asha', script, logon: 'signed-in' }));
    assert.deepEqual(Settings, {
      MultipleInstancesPolicy: 'IgnoreNew',
      DisallowStartIfOnBatteries: false,
      StopIfGoingOnBatteries: false,
      StartWhenAvailable: true,
      ExecutionTimeLimit: 'PT24H',
      Enabled: true,
    });
  });

  it('runs each hour, as the user, with the rights of an ordinary program', () => {
    for (const [logon, type] of [
      ['signed-in', 'InteractiveToken'],
      ['always', 'S4U'],
    ] as const) {
      const { Principals, Triggers } = taskOf(taskDefinition({ user: 'A&B\\Asha', script, logon }));
      assert.deepEqual(Principals!.Principal, { UserId: 'A&B\\Asha', LogonType: type, RunLevel: 'LeastPrivilege' });
      assert.deepEqual(Triggers!.TimeTrigger!.Repetition, { Interval: 'PT1H', StopAtDurationEnd: false });
    }
  });

  it('starts a program without a console, which is told the script as one word', () => {
    const { Actions } = taskOf(taskDefinition({ user: 'PC\\Asha', script, logon: 'signed-in' }));
    const { Command, Arguments } = Actions!.Exec as { Command: string; Arguments: string };
    assert.equal(Command, '%SystemRoot%\\System32\\wscript.exe');
    assert.deepEqual(commandLineToArgv(Arguments), ['//B', '//Nologo', '//E:JScript', script]);
  });

  it('is defined in UTF-16 with its mark, in lines of Windows', () => {
    const definition = taskDefinition({ user: 'PC\\आशा', script, logon: 'always' });
    const bytes = utf16(definition);
    assert.deepEqual([...bytes.subarray(0, 4)], [0xff, 0xfe, 0x3c, 0x00]);
    assert.equal(new TextDecoder('utf-16le').decode(bytes), definition);
    assert.match(definition, /encoding="UTF-16"/);
    assert.doesNotMatch(definition.replaceAll('\r\n', ''), /[\r\n]/);
  });

  it('is registered by one line, for a command prompt and for PowerShell', () => {
    const definition = 'C:\\Users\\Asha K\\tally-warehouse-task.xml';
    const line = schtasksLine(definition);
    assert.deepEqual(commandLineToArgv(line), [
      'schtasks',
      '/Create',
      '/F',
      '/TN',
      'Tally Warehouse sync',
      '/XML',
      definition,
    ]);
    // A command prompt ends the command at & and |, if they stand outside of quotes.
    assert.match(schtasksLine('C:\\R&D\\a|b\\(x86)\\task.xml'), /\/XML "C:\\R&D\\a\|b\\\(x86\)\\task\.xml"$/);
  });

  it('runs the launcher hidden, from its own folder, waits, ends with its exit code, and keeps what it said', () => {
    const text = taskScript('sync');
    assert.match(text, /^[\x20-\x7e\r\n]*$/); // Windows Script Host reads it in the system's code page
    const ran: { command: string; window: number; waits: boolean }[] = [];
    let exitCode: number | undefined;
    class ActiveXObject {
      Run = (command: string, window: number, waits: boolean): number => {
        ran.push({ command, window, waits });
        return 4;
      };
    }
    const ScriptFullName = `\\\\server\\My Books\\${taskFiles.script}`;
    const WScript = { ScriptFullName, Quit: (code: number) => (exitCode = code) };
    vm.runInNewContext(text, { ActiveXObject, WScript });
    assert.deepEqual(ran, [
      {
        command:
          'cmd.exe /d /c ""\\\\server\\My Books\\tally-warehouse.cmd" sync > "\\\\server\\My Books\\tally-warehouse.log" 2>&1"',
        window: 0,
        waits: true,
      },
    ]);
    assert.equal(exitCode, 4);
  });
});
