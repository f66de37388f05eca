/** The smallest files that are what they say, with a size in their header. */
export const png = (width: number, height: number): Buffer => {
  const header = Buffer.alloc(25);
  header.writeUInt32BE(13, 0);
  header.write('IHDR', 4, 'latin1');
  header.writeUInt32BE(width, 8);
  header.writeUInt32BE(height, 12);
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), header]);
};

/** `before`: segments that stand before the frame, as cameras write them. */
export const jpeg = (width: number, height: number, before = 1): Buffer => {
  const comment = Buffer.concat([Buffer.from([0xff, 0xe1, 0, 12]), Buffer.from('0123456789')]);
  const frame = Buffer.from([0xff, 0xff, 0xc0, 0, 11, 8, 0, 0, 0, 0, 1, 1, 0x11, 0]);
  frame.writeUInt16BE(height, 6);
  frame.writeUInt16BE(width, 8);
  return Buffer.concat([Buffer.from([0xff, 0xd8]), ...Array.from({ length: before }, () => comment), frame]);
};
