import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { doors } from '../../vitest.config.js'

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  cacheDir: 'node_modules/.vite-browser',
  appType: 'mpa',
  logLevel: 'warn',
  resolve: { alias: doors },
  server: { host: 'localhost', hmr: false, watch: null },
  optimizeDeps: {
    // Named, because what Vite finds out late makes it reload a page in the middle of a test.
    noDiscovery: true,
    include: ['react', 'react-dom/client', 'react/jsx-dev-runtime', 'use-sync-external-store/with-selector'],
  },
})
