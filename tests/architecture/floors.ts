/**
 * The floors of the architecture: the one table that says who may import whom. A module imports only from lower floors;
 * folders on one floor are blind to each other; `npm run check:floors` holds it, type imports included.
 */

export interface Place {
  /** Folders with everything in them, or files, relative to the repository. Within one place everybody may import everybody. */
  readonly paths: readonly string[]
  readonly floor: number
  /** If given, the only places below that it may know; its own files it always may. */
  readonly knows?: readonly string[]
  /** Places that it may import although its floor would not allow it, and why. */
  readonly also?: readonly { readonly path: string; readonly why: string }[]
  /** May import what only Node has: its built-in modules. */
  readonly node?: boolean
  /** A door is an entry point of the package: it declares nothing, and lists what it lets out name by name. */
  readonly door?: boolean
  /** Packages that its build puts inside: no app installs them. */
  readonly bundles?: readonly string[]
  /** Is not part of the package, so that floors, packages and barrels are its own affair; what is shipped may not import it. */
  readonly outside?: 'sees everything' | 'sees doors'
}

const GROUND = ['src/ids.ts', 'src/errors.ts', 'src/on-demand.ts', 'src/ports.ts', 'src/signal.ts']

export const PLACES: readonly Place[] = [
  { paths: GROUND, floor: 0 },

  { paths: ['src/value'], floor: 1 },

  { paths: ['src/crypto'], floor: 2 },
  { paths: ['src/schema'], floor: 2 },
  { paths: ['src/storage'], floor: 2 },
  { paths: ['src/transport'], floor: 2 },

  { paths: ['src/graph'], floor: 3 },
  { paths: ['src/item'], floor: 3 },

  { paths: ['src/history'], floor: 4 },
  { paths: ['src/query'], floor: 4, knows: [...GROUND, 'src/value', 'src/schema', 'src/item'] },
  { paths: ['src/sync'], floor: 4, knows: [...GROUND, 'src/value', 'src/crypto', 'src/graph'] },

  { paths: ['src/repository'], floor: 5 },

  {
    paths: ['src/store'],
    floor: 6,
    also: ['src/inspect/announce.ts', 'src/inspect/agent.ts'].map((path) => ({
      path,
      why: 'in development a store lets itself be looked into; a production build is without it',
    })),
  },

  { paths: ['src/server'], floor: 7, node: true },
  {
    paths: ['src/cli'],
    floor: 7,
    node: true,
    also: [
      { path: 'src/server.ts', why: 'the command is an app of the package: it starts the server by its door' },
      { path: 'src/server', why: 'it opens the folder of a stopped server as the server does' },
    ],
  },
  { paths: ['src/inspect'], floor: 7 },
  { paths: ['src/export'], floor: 7, node: true },
  { paths: ['src/adapters'], floor: 7 },
  { paths: ['src/testing'], floor: 7, node: true },

  { paths: ['src/index.ts'], floor: 8, door: true },
  { paths: ['src/inspect.ts'], floor: 8, door: true },
  { paths: ['src/server.ts'], floor: 8, door: true, node: true },
  { paths: ['src/vite.ts'], floor: 8, door: true, node: true },
  { paths: ['src/testing.ts'], floor: 8, door: true },
  { paths: ['src/zustand.ts'], floor: 8, door: true },
  { paths: ['src/text.ts'], floor: 8, door: true },

  { paths: ['hooks/index.ts'], floor: 10, door: true },
  { paths: ['hooks'], floor: 9, knows: ['src/index.ts'] },
  { paths: ['devtools-extension/dock/index.ts'], floor: 12, door: true },
  {
    paths: ['devtools-extension'],
    floor: 11,
    knows: ['src/inspect', 'src/index.ts', 'hooks'],
    bundles: ['diff', 'jsep', '@jridgewell/trace-mapping'],
  },

  { paths: ['examples'], floor: 13, outside: 'sees doors' },
  // They show the panel's views, which no door lets out.
  { paths: ['stories'], floor: 13, outside: 'sees everything' },
  { paths: ['bench'], floor: 13, outside: 'sees everything' },
  { paths: ['scripts'], floor: 13, outside: 'sees everything' },
  { paths: ['tests'], floor: 13, outside: 'sees everything' },
]

/** Doors that end up in a browser: nothing that they reach, through any number of files, may be Node's. */
export const BROWSER_DOORS: readonly string[] = [
  'src/index.ts',
  'src/inspect.ts',
  'hooks/index.ts',
  'devtools-extension/dock/index.ts',
]

/** Packages that only some places may import. Any other dependency of `package.json` may be imported everywhere in src. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  react: ['hooks', 'devtools-extension'],
  'react-dom': ['devtools-extension'],
  'use-sync-external-store': ['hooks', 'devtools-extension'],
  ws: ['src/server'],
  sirv: ['src/server'],
  commander: ['src/cli'],
  vite: ['src/vite.ts', 'src/server'],
  '@noble/ed25519': ['src/crypto'],
  '@noble/hashes': ['src/crypto'],
  fflate: ['src/sync'],
}

/** Names that say nothing about what is inside. Neither a folder nor a file may have one. */
export const FORBIDDEN_NAMES: readonly string[] = [
  'util',
  'utils',
  'helper',
  'helpers',
  'misc',
  'common',
  'base',
  'shared',
  'lib',
  'stuff',
]
