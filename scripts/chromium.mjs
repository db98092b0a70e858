/** Finds the Chromium that the browser tests drive and, where there is none, installs it with the system's package manager. */
import { existsSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { run } from './run.mjs'

/**
 * Chromium heeds only the last list of features to turn off, so Playwright's are here too (its `chromiumSwitches`). The others
 * are what hangs from the address bar: with every window they draw pages that nobody sees, and take as long as the page.
 */
const featuresOff = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
]

/**
 * What every start of Chromium gets. No sandbox, because tests run as root in containers; the rest keeps it quiet:
 * no name but localhost is looked up (`*.local` is left alone for WebRTC).
 */
export const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${featuresOff.join()}`,
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1, EXCLUDE *.local',
]

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const APPS = ['Chromium.app/Contents/MacOS/Chromium', 'Google Chrome.app/Contents/MacOS/Google Chrome']
const FOLDERS = ['/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/homebrew/bin']

/** Path of a Chromium or Chrome on this machine. `CHROMIUM` in the environment comes first. @returns {string | undefined} */
export function findChromium() {
  const named = process.env['CHROMIUM']
  if (named) return named
  const folders = [...(process.env['PATH'] ?? '').split(delimiter).filter(Boolean), ...FOLDERS]
  const windows = [process.env['PROGRAMFILES'], process.env['PROGRAMFILES(X86)'], process.env['LOCALAPPDATA']]
  return [
    ...folders.flatMap((folder) => PROGRAMS.map((program) => join(folder, program))),
    ...['/Applications', join(homedir(), 'Applications')].flatMap((folder) => APPS.map((app) => join(folder, app))),
    ...windows.flatMap((folder) => (folder ? [join(folder, 'Google/Chrome/Application/chrome.exe')] : [])),
  ].find((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
}

/** Commands that install Chromium, by the package manager whose program is the key. @type {Record<string, string[][]>} */
const MANAGERS = {
  '/usr/bin/apt-get': [
    ['apt-get', 'update'],
    ['apt-get', 'install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'],
  ],
  '/usr/bin/dnf': [['dnf', 'install', '-y', 'chromium']],
  '/usr/bin/pacman': [['pacman', '-Sy', '--noconfirm', 'chromium']],
  '/sbin/apk': [['apk', 'add', 'chromium']],
  '/opt/homebrew/bin/brew': [['/opt/homebrew/bin/brew', 'install', '--cask', 'google-chrome']],
  '/usr/local/bin/brew': [['/usr/local/bin/brew', 'install', '--cask', 'google-chrome']],
}

/** Path of a Chromium; installs one if there is none. Throws, saying what to do, where it cannot. @returns {Promise<string>} */
export async function requireChromium() {
  const found = findChromium()
  if (found) return found
  const manager = Object.keys(MANAGERS).find((program) => existsSync(program))
  const byHand = 'Install Chromium or Chrome, or name one: CHROMIUM=/path/to/chromium npm test'
  if (!manager) throw new Error(`No Chromium was found, and no package manager that this script knows. ${byHand}`)
  // Homebrew refuses to run as root; the others need it.
  const sudo = process.getuid?.() === 0 || manager.endsWith('brew') ? [] : ['sudo']
  for (const command of MANAGERS[manager] ?? []) {
    const [program = '', ...args] = [...sudo, ...command]
    console.log(`No Chromium was found. Installing it: ${[program, ...args].join(' ')}`)
    const { code } = await run(program, args, { env: { DEBIAN_FRONTEND: 'noninteractive' } })
    if (code !== 0) throw new Error(`"${[program, ...args].join(' ')}" failed with ${code}. ${byHand}`)
  }
  const installed = findChromium()
  if (!installed) throw new Error(`Chromium was installed but cannot be found. ${byHand}`)
  return installed
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.log(await requireChromium())
