import { t } from '@vscode/l10n';
import type { LackingMasters } from '../../tally/requests/masters.js';

/** Explains that Tally gave no ledgers or groups. Shown after a load, and by a check before a load. */
export function describeLacking({ kind, refusal }: LackingMasters): string {
  if (kind === 'ledgers')
    return refusal === null
      ? t('Tally sent no ledgers, so each ledger line was classed by its name alone.')
      : t('Tally did not give its ledgers, so each ledger line was classed by its name alone. {reason}', {
          reason: refusal,
        });
  return refusal === null
    ? t(
        'Tally sent no groups. Ledgers in groups of your own are classed by their names: taxable value, tax, round-off or other. In Tally, check that its user may see the groups (Chart of Accounts), then load again.',
      )
    : t(
        'Tally did not give its groups. Ledgers in groups of your own are classed by their names: taxable value, tax, round-off or other. In Tally, check that its user may see the groups (Chart of Accounts), then load again. {reason}',
        { reason: refusal },
      );
}
