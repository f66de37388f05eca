import type { Move } from '../../activities/recount/moves.ts';
import type { EditionPreview } from '../../engine/preview-edition.ts';

/** A dry run as a person reads it in a terminal. */

const CLOCKS = {
  STAGE: '环节 / stage',
  TOTAL: '总时限 / total',
  STUCK: '滞留 / stuck',
  CORRECTION: '补正期限 / correction window',
  REPAIR: '付款更正期限 / repair window',
} as const satisfies Record<Move['clock'], string>;

/** '环节 / stage 2025-10-14 → 2025-10-15', with what becomes certain or stands still. */
export function describeMove(move: Move): string {
  const side = (day: string | null, daysLeft: number | null, provisional: boolean): string =>
    `${day ?? (daysLeft === null ? '–' : `剩余 ${daysLeft} 日 / ${daysLeft} days left`)}${provisional ? '（暂定 / provisional）' : ''}`;
  const from = side(move.from, move.fromDaysLeft, move.fromProvisional);
  return `${CLOCKS[move.clock]} ${from} → ${side(move.to, move.daysLeft, move.provisional)}`;
}

export function describePreview({ open, touched, moving, perOffice }: NonNullable<EditionPreview['counts']>): string {
  const lines = perOffice.map(
    (group) => `  ${group.officeId ?? '–'}  ${group.process}: ${group.touched} / ${group.moving}`,
  );
  return [
    `在办 ${open} 件，涉及 ${touched} 件，到期日变动 ${moving} 件 / ${open} open cases, ${touched} touched, ${moving} move`,
    ...(lines.length > 0 ? ['  单位  业务: 涉及 / 变动 – office  process: touched / moving', ...lines] : []),
  ].join('\n');
}
