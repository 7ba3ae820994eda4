import fs from 'node:fs';

/** All processes of this computer that this account may inspect, as Linux shows them. */
export function processes(): { pid: number; title: string; words: string; environment: string }[] {
  const read = (pid: string, what: string): string => {
    try {
      return fs.readFileSync(`/proc/${pid}/${what}`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return ''; // the process has ended, or belongs to another account
    }
  };
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({
      pid: Number(pid),
      title: read(pid, 'comm').trim(),
      words: read(pid, 'cmdline'),
      environment: read(pid, 'environ'),
    }));
}
