/** The plugin: accounts, roles, regions and environments of AWS to choose from in forms. */
import { definePlugin } from '@callboard/plugin';
import { LIMITS } from './call.ts';
import { parseAwsConfig } from './config.ts';
import { createDirectory } from './directory.ts';
import { createFields } from './fields.ts';
import { createProviders } from './providers.ts';

export const plugin = definePlugin({
  id: 'aws',
  provision: (context) => {
    const config = parseAwsConfig(context.config('aws'));
    const { logger } = context;
    const directory = createDirectory(config, { logger, limits: LIMITS, now: () => performance.now() });
    return { options: createProviders(directory, config), fields: createFields(config) };
  },
});
