/** Words that make issues of a product like this one. */

export const AREAS: readonly { readonly label: string; readonly things: readonly string[] }[] = [
  {
    label: 'sync',
    things: [
      'Sync',
      'The reconnect loop',
      'Catching up',
      'The offline queue',
      'Conflict merging',
      'The commit batcher',
    ],
  },
  {
    label: 'storage',
    things: ['The log', 'Opening a repository', 'The storage worker', 'Import', 'Export', 'The upgrade path'],
  },
  {
    label: 'interface',
    things: [
      'The board',
      'Inline editing',
      'The command menu',
      'The issue list',
      'The status picker',
      'Search',
      'Dark mode',
    ],
  },
  { label: 'security', things: ['Signing', 'The session key', 'The rules check', 'Sign-in', 'Token refresh'] },
  { label: 'docs', things: ['The getting started page', 'The hooks reference', 'The schema guide', 'The changelog'] },
  {
    label: 'performance',
    things: ['First render', 'Typing', 'Scrolling', 'The live query', 'Bulk import', 'The index'],
  },
]

/** What goes wrong, and the label that goes with it. */
export const SYMPTOMS: readonly (readonly [string, string])[] = [
  ['stalls', 'bug'],
  ['drops the last edit', 'bug'],
  ['shows stale data', 'bug'],
  ['flickers', 'interface'],
  ['loses focus', 'interface'],
  ['takes 400 ms', 'performance'],
  ['allocates too much', 'performance'],
  ['blocks the main thread', 'performance'],
  ['throws', 'bug'],
  ['retries for ever', 'bug'],
  ['is not announced to screen readers', 'interface'],
  ['leaks a listener', 'bug'],
  ['ignores the limit', 'bug'],
  ['fails silently', 'bug'],
]

export const CONDITIONS: readonly string[] = [
  'after a reconnect',
  'on slow networks',
  'with two tabs open',
  'when the server restarts',
  'in Safari',
  'in Firefox private windows',
  'after a schema change',
  'with ten thousand issues',
  'while offline',
  'when the disk is full',
  'on a phone',
  'right after start',
  'when the clock is wrong',
  'with an empty project',
  'for long titles',
  'when a tab wakes up',
  'under React StrictMode',
  'with keyboard only',
  'at midnight UTC',
  'for new members',
]

export const ACTIONS: readonly string[] = [
  'Simplify',
  'Measure',
  'Write tests for',
  'Rework',
  'Speed up',
  'Split up',
  'Log less in',
  'Explain',
  'Harden',
  'Clean up',
]

export const NEW_THINGS: readonly string[] = [
  'Add',
  'Design',
  'Prototype',
  'Ship',
  'Explore',
  'Support',
  'Document',
  'Plan',
]

export const THINGS: readonly string[] = [
  'saved views',
  'keyboard shortcuts for the board',
  'a weekly digest',
  'due dates',
  'sub-issues',
  'bulk editing from the command menu',
  'drag and drop of attachments',
  'an import from CSV',
  'webhooks for status changes',
  'a read-only public board',
  'undo across tabs',
  'presence cursors',
  'a compact row height',
  'templates for bug reports',
  'per-label notifications',
  'Markdown in descriptions',
  'a timeline of each issue',
  'favourites in the sidebar',
  'mentions',
  'time zones in due dates',
  'custom fields',
  'cycle planning',
  'issue links',
  'an activity feed',
  'estimates',
  'a roadmap view',
  'dependencies between issues',
  'reactions',
  'email replies',
  'archived projects',
  'filters by author',
  'a print style sheet',
]

export const WHYS: readonly string[] = [
  'Three people ran into this last week. The log shows nothing unusual until the second attempt.',
  'Steps: open the project in two windows, edit the same field in both, close one. The other one waits.',
  'We promised this for the next release; the first half can land on its own.',
  'Happens about once in two hundred runs. A trace is in the shared folder.',
  'Start with the smallest change that helps, then measure again before going on.',
  'Not urgent, but it makes every other change in this area slower than it has to be.',
  'A customer asked for this twice. Their workaround is to reload, which loses the scroll position.',
  'The old behaviour was never written down, so please describe what we decide here.',
]
