/** How React runs in this run of the hook tests; `vitest.config.ts` has one project for each. */
export type HookMode = 'plain' | 'strict' | 'compiled' | 'react18'

export const hookMode = process.env['IBEX_HOOK_MODE'] as HookMode
