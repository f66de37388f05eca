import type { OrgLevel } from '../../domain/case.ts';

/**
 * Offices and providers of the demonstration city: Heyuan (河源), the city of S0. County codes are the real administrative
 * divisions; the codes of townships and providers are made up in the same shape, since the sources give none.
 */

export interface SeedOffice {
  office_id: string;
  name: string;
  level: OrgLevel;
  parent_id: string | null;
}

export const CITY_ID = '441600';

const county = (code: string, place: string): SeedOffice => ({
  office_id: code,
  name: `${place}社会保险基金管理局`,
  level: 'COUNTY',
  parent_id: CITY_ID,
});

/** The sources call the township's office 人力资源和社会保障服务所. */
const township = (code: string, place: string): SeedOffice => ({
  office_id: code,
  name: `${place}人力资源和社会保障服务所`,
  level: 'TOWNSHIP',
  parent_id: code.slice(0, 6),
});

/** Parents before children, as the foreign key wants them. */
export const OFFICES: readonly SeedOffice[] = [
  { office_id: CITY_ID, name: '河源市社会保险基金管理局', level: 'CITY', parent_id: null },
  county('441602', '源城区'),
  county('441625', '东源县'),
  county('441621', '紫金县'),
  township('441602001', '上城街道'),
  township('441602002', '新江街道'),
  township('441625100', '仙塘镇'),
  township('441625101', '灯塔镇'),
  township('441621100', '紫城镇'),
  township('441621101', '龙窝镇'),
];

export interface SeedProvider {
  provider_id: string;
  name: string;
  type: 'HOSPITAL' | 'PHARMACY';
  /** 0 for a pharmacy. */
  grade: number;
  designated: boolean;
  county_office_id: string;
}

const hospital = (provider_id: string, name: string, grade: number, county_office_id: string): SeedProvider => ({
  provider_id,
  name,
  type: 'HOSPITAL',
  grade,
  designated: true,
  county_office_id,
});

export const PROVIDERS: readonly SeedProvider[] = [
  // The four city public hospitals of S0 Art. 11(二); their grades are assumed.
  hospital('H4416020001', '市人民医院', 3, '441602'),
  hospital('H4416020002', '市中医院', 3, '441602'),
  hospital('H4416020003', '市妇幼保健院', 3, '441602'),
  hospital('H4416020004', '源城区人民医院', 2, '441602'),
  hospital('H4416250001', '东源县人民医院', 2, '441625'),
  hospital('H4416250002', '仙塘镇卫生院', 1, '441625'),
  { ...hospital('H4416020009', '示例民营医院（非定点）', 2, '441602'), designated: false },
  { ...hospital('P4416020001', '示例大药房', 0, '441602'), type: 'PHARMACY' },
];

/** Where the demonstration hospital users work. */
export const DEMO_HOSPITAL_ID = 'H4416020001';
