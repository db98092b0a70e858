import type { StorybookConfig } from '@storybook/react-vite'
import { fileURLToPath } from 'node:url'
import { doors } from '../../vitest.config.js'

const own = (name: string): { find: RegExp; replacement: string } => ({
  find: new RegExp(`^${name}(?=$|/)`),
  replacement: fileURLToPath(new URL(`../../node_modules/${name}`, import.meta.url)),
})

const config: StorybookConfig = {
  stories: ['../**/*.mdx', '../**/*.stories.tsx'],
  addons: ['@storybook/addon-docs', '@storybook/addon-a11y', '@storybook/addon-vitest'],
  framework: '@storybook/react-vite',
  core: { disableTelemetry: true, disableWhatsNewNotifications: true },
  // The other one needs an API that TypeScript 7 does not have.
  typescript: { reactDocgen: 'react-docgen' },
  viteFinal: (vite) => ({
    ...vite,
    resolve: {
      ...vite.resolve,
      // Storybook brings a React of its own: there must be one only.
      alias: [...doors, own('react'), own('react-dom')],
    },
    server: { ...vite.server, fs: { allow: [fileURLToPath(new URL('../..', import.meta.url))] } },
    build: { ...vite.build, chunkSizeWarningLimit: 5000 },
  }),
}
export default config
