import type { JsonObject } from '../../domain/case.ts';
import type { Office } from './office.ts';

/** The shortest procedure, for tests about what all procedures share: an out-of-area filing at 上城街道. */
export const OUT_OF_AREA_FORM: JsonObject = {
  idCardNo: '441602199203159011',
  name: '示例甲',
  filingKind: 'REFERRAL',
  destinationProvince: '广东省',
  destinationCity: '广州市',
  diagnosis: '示例诊断',
  plannedFrom: '2025-10-10',
  plannedTo: '2025-12-31',
  phone: '13800000000',
};

let destinations = 0;

/** Files one; every call goes to another city, so that no two filings overlap. */
export const fileOutOfArea = (office: Office, key?: string): Promise<string> =>
  office.file('OUT_OF_AREA_REFERRAL', 'town1.clerk', {
    form: { ...OUT_OF_AREA_FORM, destinationCity: `示例市${++destinations}` },
    documents: ['ID_CARD', 'REFERRAL_CERTIFICATE'],
    ...(key ? { key } : {}),
  });
