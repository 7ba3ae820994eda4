// An hourly sync in the task scheduler of Windows.
import { launcherFiles } from './launcher.js';

export const taskFiles = {
  script: 'tally-warehouse.js',
  definition: 'tally-warehouse-task.xml',
  log: 'tally-warehouse.log',
};

/** When the task runs: only while its user is signed in, or always, for which Windows asks for an administrator once. */
export type TaskLogon = 'signed-in' | 'always';

/**
 * Runs the launcher without a console window (0) and ends with its exit code. The script is ASCII and holds no path,
 * because Windows Script Host reads scripts in the code page of the system.
 */
export const taskScript = (words: string): string =>
  [
    '// Written by Tally Warehouse.',
    "var shell = new ActiveXObject('WScript.Shell');",
    "var folder = WScript.ScriptFullName.replace(/[^\\\\]*$/, '');",
    `var launcher = '"' + folder + '${launcherFiles.windows}" ${words}';`,
    `var log = '"' + folder + '${taskFiles.log}"';`,
    `WScript.Quit(shell.Run('cmd.exe /d /c "' + launcher + ' > ' + log + ' 2>&1"', 0, true));`,
    '',
  ].join('\r\n');

/** The task for `schtasks /Create /XML` ([MS-TSCH] 2.5). It also runs on battery, and later if it was missed. */
export const taskDefinition = ({ user, script, logon }: { user: string; script: string; logon: TaskLogon }): string =>
  `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>Loads new invoices from Tally every hour.</Description>
  </RegistrationInfo>
  <Triggers>
    <TimeTrigger>
      <Repetition>
        <Interval>PT1H</Interval>
        <StopAtDurationEnd>false</StopAtDurationEnd>
      </Repetition>
      <StartBoundary>2026-01-01T00:00:00</StartBoundary>
      <Enabled>true</Enabled>
    </TimeTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>${xmlText(user)}</UserId>
      <LogonType>${logon === 'always' ? 'S4U' : 'InteractiveToken'}</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT24H</ExecutionTimeLimit>
    <Enabled>true</Enabled>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>%SystemRoot%\\System32\\wscript.exe</Command>
      <Arguments>${xmlText(['//B', '//Nologo', '//E:JScript', script].map(windowsQuoted).join(' '))}</Arguments>
    </Exec>
  </Actions>
</Task>
`.replaceAll('\n', '\r\n');

/** UTF-16 with a byte order mark, like the files that the task scheduler exports. */
export const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le');

/** Registers the task, in place of an earlier one. */
export const schtasksLine = (definition: string): string =>
  `schtasks /Create /F /TN ${windowsQuoted('Tally Warehouse sync')} /XML ${windowsQuoted(definition)}`;

/**
 * A word of a Windows command line, by the rules of CommandLineToArgvW. It is quoted unless it has only harmless
 * characters. Backslashes before a quote are doubled, and the quote itself gets a backslash. Other backslashes stay.
 */
export function windowsQuoted(word: string): string {
  if (/^[\w.:\\/-]+$/.test(word)) return word; // `&`, `|` and `(` mean something to a command prompt
  return `"${word.replace(/(\\*)("|$)/g, (_all, slashes: string, quote: string) => slashes + slashes + (quote && '\\"'))}"`;
}

const xmlText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
