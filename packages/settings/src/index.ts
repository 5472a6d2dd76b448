/** The door of settings: what each user set, as JSON values by bucket and key. */
export { SETTINGS_ERRORS, type SettingsErrorCode } from './errors.ts';
export { settingsRoutes, type SettingsDeps } from './routes.ts';
export { createSettingsStore, settingsMigrations, type SettingKey, type SettingsStore } from './store.ts';
