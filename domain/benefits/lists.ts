/**
 * The lists of S0 Art. 15 (special examinations, special treatments and materials) and Art. 11 (consultation fee), as
 * dated data. Spelling as in the source; obvious copying errors are kept as they stand, the probable reading is an alias.
 * The English names and usual short forms are ours, so that a line entered under them is found too.
 */
import type { PlainDate } from '../plain-date.ts';
import type { ItemList, ListedItem } from './types.ts';
import { plainDate } from '../plain-date.ts';
import { inForce } from './rates.ts';

const S0_FROM = plainDate('2019-01-01');

const listed = (list: ItemList, source: string, rows: readonly (readonly [string, ...string[]])[]): ListedItem[] =>
  rows.map(([name, ...aliases]) => ({ list, name, aliases, effectiveFrom: S0_FROM, source }));

export const LISTED_ITEMS: readonly ListedItem[] = [
  ...listed('SPECIAL_EXAM', 'S0 Art. 15(一)', [
    ['N乳头立体照像', '视乳头立体照像', 'stereoscopic optic disc photography'],
    ['眼视盘+N纤维层照像', '眼视盘+神经纤维层照像', 'optic disc and nerve fibre layer photography'],
    ['无他性希氏束心电图', '无创性希氏束心电图', 'non-invasive His bundle electrocardiogram'],
    ['窦房结功能测定', 'sinus node function test'],
    ['程序结功能测定', '房室结功能测定', 'atrioventricular node function test'],
    ['视觉诱发电位', 'visual evoked potential'],
    ['听觉诱发电位', 'auditory evoked potential'],
    ['体感诱发电位', 'somatosensory evoked potential'],
    ['运动诱发哮喘试验', 'exercise-induced asthma test'],
    ['经食道超声心电图', '经食道超声心动图', 'transoesophageal echocardiogram'],
    ['彩色多普勒超声检查', '彩色多普勒超声', '彩超', 'colour Doppler', 'color Doppler', 'colour Doppler ultrasound'],
    ['伽玛显像', 'gamma imaging'],
    ['单光子发射电子计算扫描仪(SPECT)', '单光子发射电子计算扫描仪', 'SPECT'],
    ['CT', 'CT检查', 'CT scan'],
    ['核磁共振成像(MRI)', '核磁共振成像', '核磁共振', 'MRI', 'MRI scan'],
  ]),
  ...listed('SPECIAL_TREATMENT', 'S0 Art. 15(二)', [
    ['人工关节', 'artificial joint'],
    ['人工喉', 'artificial larynx'],
    ['人工晶体', 'intra-ocular lens'],
    ['血管支架', 'vascular stent'],
    ['钢板', 'plate', 'steel plate'],
    ['心脏起搏器', 'pacemaker'],
    ['其他植入性器材', 'other implants'],
    ['伽玛刀', 'gamma knife'],
    ['光刀', 'photon knife', 'photon-knife'],
    ['心脏激光打孔', 'laser heart perforation'],
    ['快中子治疗', 'fast-neutron therapy'],
    ['体外震波碎石', 'shock-wave lithotripsy'],
    ['高压氧仓', '高压氧舱', 'hyperbaric chamber'],
    ['射频', '射频治疗', 'radio-frequency'],
  ]),
  ...listed('CONSULTATION_FEE_HOSPITAL', 'S0 Art. 11(二)', [
    ['市人民医院', '河源市人民医院'],
    ['市中医院', '河源市中医院'],
    ['市妇幼保健院', '河源市妇幼保健院'],
    ['源城区人民医院', '河源市源城区人民医院'],
  ]),
];

/** One spelling per name: full-width forms, letter case and spaces make no difference; anything else does. */
export const nameKey = (name: string): string => name.normalize('NFKC').toLowerCase().replace(/\s+/g, '');

/** "Imported plate" is on the list as plate: where a material comes from is not part of its name. */
const ORIGIN = /^(进口|国产|imported|domestic)/;

/** Whether the name itself says that the material is imported. */
export const saysImported = (name: string): boolean => /^(进口|imported)/.test(nameKey(name));

/** The list entry with exactly this name (or alias) in force on the day. */
export function findListed(
  lists: readonly ListedItem[],
  list: ItemList,
  name: string,
  on: PlainDate,
): ListedItem | undefined {
  const key = nameKey(name).replace(ORIGIN, '');
  return lists.find(
    (item) =>
      item.list === list && inForce(item, on) && [item.name, ...item.aliases].some((own) => nameKey(own) === key),
  );
}
