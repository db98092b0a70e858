import babel from '@rolldown/plugin-babel'
import { reactCompilerPreset } from '@vitejs/plugin-react'
import { fileURLToPath } from 'node:url'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

// Vitest 5 is made for Node 22 and newer. On Node 20 it lacks this one function, and without it cannot print a failure.
const groupBy = <K, T>(items: Iterable<T>, keyOf: (item: T, index: number) => K): Map<K, T[]> => {
  const groups = new Map<K, T[]>()
  let index = 0
  for (const item of items) {
    const key = keyOf(item, index++)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}
if (!('groupBy' in Map)) Object.assign(Map, { groupBy })

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

/** The doors of the package, as their sources: a test imports `ibex-state`, as an app does, and needs no build. */
export const doors = [
  { find: /^ibex-state$/, replacement: path('src/index.ts') },
  { find: /^ibex-state\/devtools$/, replacement: path('devtools-extension/dock/index.ts') },
  { find: /^ibex-state\/react$/, replacement: path('hooks/index.ts') },
  { find: /^ibex-state\/(inspect|server|vite|testing)$/, replacement: path('src/$1.ts') },
]

const HOOK_TESTS = ['hooks/**/*.test.{ts,tsx}', 'tests/hooks/**/*.test.{ts,tsx}']

/** The same hook tests once more in another way of running React; tests read the mode from `tests/hooks/mode.ts`. */
const hooks = (mode: string, more: TestProjectInlineConfiguration = {}): TestProjectInlineConfiguration => ({
  ...more,
  extends: true,
  test: {
    name: `hooks-${mode}`,
    environment: 'jsdom',
    include: HOOK_TESTS,
    // A new document for every file takes longer than its tests: files of a mode share one, and leave it as it was.
    isolate: false,
    env: { IBEX_HOOK_MODE: mode },
    setupFiles: mode === 'react18' ? ['tests/hooks/react18.ts', 'tests/hooks/setup.ts'] : ['tests/hooks/setup.ts'],
    // So that what stands for React in this mode stands for it in the testing library too.
    server: { deps: { inline: [/@testing-library[\\/]react/] } },
  },
})

export default defineConfig({
  resolve: { alias: doors },
  test: {
    // No test is timed: this only ends what hangs, also on a machine that is busy with other things.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // By default one is left alone, which is half of two.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          // A thread begins sooner than a process does.
          pool: 'threads',
          include: ['src/**/*.test.{ts,tsx}', 'devtools-extension/**/*.test.ts', 'tests/**/*.test.{ts,tsx}'],
          exclude: ['**/node_modules/**', 'tests/browser/**', 'tests/hooks/**'],
        },
      },
      hooks('plain'),
      hooks('strict'),
      // As an app's build does it: the components that use the hooks are compiled, the package is not.
      hooks('compiled', {
        plugins: [babel({ include: /\.test\.tsx$|[\\/]tests[\\/].*\.tsx$/, presets: [reactCompilerPreset()] })],
      }),
      hooks('react18', {
        resolve: {
          alias: [{ find: /^(react|react-dom)(?=$|\/)/, replacement: path('tests/react18/node_modules/$1') }],
        },
      }),
    ],
  },
})
