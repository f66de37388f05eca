import type { VaultSettings } from '../../config/vault.ts';
import { MASTER_KEY_BYTES } from '../../vault/keyring.ts';

/** Made up, and the same in every run: databases of tests are clones of one that was filled under it. */
export const TEST_VAULT: VaultSettings = {
  fieldKeys: `1:${Buffer.alloc(MASTER_KEY_BYTES, 'only for tests ').toString('base64')}`,
  cryptoSuite: 'intl',
};
