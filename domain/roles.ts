import type { Text } from './case.ts';

/** Roles, glossary "Parties, organisation, roles". */
export const ROLES = {
  INSURED_PERSON: { zh: '参保人', en: 'insured person' },
  TOWNSHIP_CLERK: { zh: '乡镇（街道）经办人', en: 'township clerk' },
  COUNTY_CLERK: { zh: '县区经办人', en: 'county clerk' },
  COUNTY_FIRST_REVIEWER: { zh: '县区初审', en: 'county first reviewer' },
  COUNTY_SECOND_REVIEWER: { zh: '县区复审', en: 'county second reviewer' },
  COUNTY_APPROVER: { zh: '县区审批', en: 'county approver' },
  COUNTY_ENROLMENT_CLERK: { zh: '保险关系经办', en: 'county enrolment clerk' },
  CITY_MEDICAL_CLERK: { zh: '医疗科经办', en: 'city medical clerk' },
  CITY_MEDICAL_REVIEWER: { zh: '医疗科复核', en: 'city medical reviewer' },
  CITY_FINANCE_CLERK: { zh: '财务制单', en: 'city finance clerk (make out)' },
  CITY_FINANCE_CHECKER: { zh: '财务审核', en: 'city finance checker' },
  CITY_FINANCE_REVIEWER: { zh: '财务复审', en: 'city finance reviewer (recheck)' },
  CITY_FINANCE_PAYER: { zh: '财务拨付', en: 'city finance payer' },
  CITY_LEADER: { zh: '市级领导', en: 'city leader' },
  AUDITOR: { zh: '稽核人员', en: 'auditor' },
  AUDIT_LEAD: { zh: '稽核负责人', en: 'audit lead' },
  HOSPITAL_PHYSICIAN: { zh: '医院医师', en: 'hospital physician' },
  HOSPITAL_MEDICAL_AFFAIRS: { zh: '医院医务科', en: 'hospital medical affairs' },
  MANAGER: { zh: '管理人员', en: 'manager' },
  // GB/T 22239 level 3, 8.1.4.2: whoever runs the system decides no case, and no two of these are one person.
  SYSTEM_ADMIN: { zh: '系统管理员', en: 'system administrator' },
  SECURITY_ADMIN: { zh: '安全管理员', en: 'security administrator' },
  AUDIT_ADMIN: { zh: '审计管理员', en: 'audit administrator' },
  // Programs, not people.
  SERVICE_MONITOR: { zh: '监控程序', en: 'monitoring service' },
  SERVICE_INTAKE: { zh: '网办受理程序', en: 'on-line intake service' },
} as const satisfies Record<string, Text>;
export type Role = keyof typeof ROLES;
