import { defineConfig } from 'vitest/config'

const alias = Object.fromEntries(
  Object.entries({
    'ibex-state/react': 'hooks/index.ts',
    'ibex-state/server': 'src/server.ts',
    'ibex-state/vite': 'src/vite.ts',
    'ibex-state/testing': 'src/testing.ts',
    'ibex-state': 'src/index.ts',
  }).map(([door, file]) => [door, new URL(file, import.meta.url).pathname]),
)

export default defineConfig({
  resolve: { alias },
  test: {
    include: ['src/**/*.test.ts', 'hooks/**/*.test.tsx', 'tests/**/*.test.ts', 'tests/**/*.test.tsx'],
    exclude: ['tests/browser/**', 'node_modules/**'],
    typecheck: { enabled: false },
  },
})
