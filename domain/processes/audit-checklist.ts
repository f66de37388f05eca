import type { Text } from '../case.ts';

/**
 * The check list of an audit, S0 Art. 26(一), as data: what a team looks at, by group. The auditors answer every item
 * of the groups they chose with OK, NOT_OK or NOT_APPLICABLE.
 */
export interface CheckListItem extends Text {
  /** The figure the finding is held against, printed on the record. `[not in the sources]`: an agency enters its own. */
  target?: Text;
}
export interface CheckListGroup {
  title: Text;
  items: Readonly<Record<string, CheckListItem>>;
}

export const CHECK_LIST = {
  ORGANISATION: {
    title: { zh: '定点医疗机构', en: 'organisation' },
    items: {
      MANAGEMENT_RULES: { zh: '医保管理机构和规章制度健全', en: 'insurance-management organisation and rules exist' },
      STAFF_AND_EQUIPMENT: { zh: '有稳定的专职人员和基本设备', en: 'stable full-time staff and basic equipment' },
      SERVICE: {
        zh: '提供优质、高效、安全的诊疗和补偿服务',
        en: 'quality, efficient, safe treatment and compensation service',
      },
      NOTICE_BOARDS: {
        zh: '在显著位置设置宣传栏、公示栏',
        en: 'publicity board and notice board in a prominent place',
      },
      POLICY_PUBLICITY: { zh: '开展医保政策宣传', en: 'policies are publicised' },
      PUBLISHED_PROCEDURE: {
        zh: '公布就医流程、收费标准和补偿情况',
        en: 'visiting procedure, fee standards and compensation are published',
      },
      COMPLAINT_CHANNELS: { zh: '设有投诉箱并公布投诉电话', en: 'complaint box and hotline are displayed' },
      COMPLAINTS_HANDLED: { zh: '投诉及时调查并处理', en: 'complaints are investigated in time and handled' },
      IDENTITY_CHECK: {
        zh: '诊疗时核对卡证或户口簿并登记身份',
        en: 'card, ID or household register is checked during treatment and identity recorded',
      },
      FILES: {
        zh: '医疗文书规范，补偿资料齐全并整理归档',
        en: 'medical documents regular; compensation files complete, arranged and archived',
      },
    },
  },
  QUALITY: {
    title: { zh: '质量管理', en: 'quality' },
    items: {
      INDICATIONS: { zh: '严格掌握入院指征、手术指征', en: 'strict indications for admission and operation' },
      CLINICAL_NORMS: {
        zh: '诊断、检查、用药、治疗符合诊疗规范',
        en: 'diagnosis, tests, drugs and treatment follow clinical norms',
      },
      CONSENT: {
        zh: '使用目录外药品、项目经患者或家属同意并签字',
        en: 'patient or family consented to and signed for drugs and items outside the catalogue',
      },
      NON_CATALOGUE_SHARE: {
        zh: '目录外药品费用占比在规定范围内',
        en: 'share of non-catalogue drug cost is within the set range',
      },
    },
  },
  CHARGING: {
    title: { zh: '收费管理', en: 'charging' },
    items: {
      FISCAL_RECEIPTS: { zh: '使用规范的财政票据', en: 'regular fiscal receipts are used' },
      GENUINE_RECEIPTS: { zh: '票据真实', en: 'receipts are genuine' },
      NO_SPLIT_SETTLEMENT: {
        zh: '无分段结帐，无住院病人在门诊收费',
        en: 'no stay settled in parts, no inpatient charged at the outpatient desk',
      },
      FEE_LISTS: { zh: '提供每日费用清单和总费用清单', en: 'daily and total fee lists are given' },
      REASONABLE_CHARGES: { zh: '收费合理', en: 'charges are reasonable' },
    },
  },
  // The source names what is measured here, not the values to reach: `target`.
  COST_CONTROL: {
    title: { zh: '费用控制', en: 'cost control' },
    items: {
      CONTROL_SYSTEM: { zh: '有住院费用控制制度', en: 'a system for controlling inpatient cost exists' },
      TOTAL_SHARES: { zh: '门诊、住院总费用占比', en: 'shares of outpatient and inpatient totals' },
      COST_PER_STAY: { zh: '次均住院费用', en: 'average cost per stay' },
      COST_COMPOSITION: {
        zh: '检查、治疗、药品费用占住院费用比例',
        en: 'shares of tests, treatments and drugs in inpatient cost',
      },
      BED_DAYS: { zh: '平均住院床日', en: 'average bed-days' },
      DRUG_USE: {
        zh: '抗生素、中成药、中草药使用情况',
        en: 'use of antibiotics, patent Chinese medicines and herbal medicines',
      },
      PHYSIOTHERAPY_SHARE: { zh: '理疗费用占比', en: 'share of physiotherapy' },
      PRICES: { zh: '执行物价规定情况', en: 'price compliance' },
    },
  },
  INFORMATION: {
    title: { zh: '信息管理', en: 'information' },
    items: {
      NETWORKED_VISITS: { zh: '就诊联网管理', en: 'networked management of visits' },
      REALTIME_UPLOAD: {
        zh: '住院实时数据和统计资料按时上传',
        en: 'real-time inpatient data and statistics are uploaded on time',
      },
    },
  },
} as const satisfies Record<string, CheckListGroup>;

/** `AuditScope` */
export type AuditScope = keyof typeof CHECK_LIST;
export const AUDIT_SCOPES = Object.keys(CHECK_LIST) as [AuditScope, ...AuditScope[]];

/** Every item by its code; codes are unique over all groups, so a result needs no group. */
export const CHECK_LIST_ITEMS: Readonly<Record<string, CheckListItem>> = Object.fromEntries(
  Object.values(CHECK_LIST).flatMap((group) => Object.entries(group.items)),
);

/** The codes of all items in the chosen groups, in the order of the article; unknown groups hold none. */
export function itemsOf(scope: readonly string[]): string[] {
  return AUDIT_SCOPES.filter((group) => scope.includes(group)).flatMap((group) => Object.keys(CHECK_LIST[group].items));
}
