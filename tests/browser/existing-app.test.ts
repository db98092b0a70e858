/** Ibex is added to an app that was there before, from the packed package, by doing what the README says. */
import { expect } from '@playwright/test'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from './fixtures.js'

const ROOT = join(import.meta.dirname, '../..')

/** The README's blocks for an app, by what their comment says. */
function steps(): Map<string, string> {
  const text = readFileSync(join(ROOT, 'README.md'), 'utf8')
  const found = new Map<string, string>()
  for (const [, name, indent, code] of text.matchAll(/<!-- app: (\S+) -->\n( *)```\w+\n([\s\S]*?)\n *```/g)) {
    found.set(name!, code!.replaceAll(new RegExp(`^${indent}`, 'gm'), ''))
  }
  return found
}

/** As in a terminal of the app's developer: without what this run of npm and of the tests has set. */
const env: NodeJS.ProcessEnv = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^npm_|^NODE_ENV$|^INIT_CWD$|COLOR/i.test(name)),
)

/** Runs npm to its end; what it printed is in the error where it fails. */
function npm(folder: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8', env })
  if (status !== 0) throw new Error(`npm ${args.join(' ')} ended with ${status}:\n${stdout}\n${stderr}`)
  return stdout
}

/** Starts a script of the app, and resolves with the address that it prints. */
function run(folder: string, script: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn('npm', ['run', script, '--', '--port', '0'], {
    cwd: folder,
    detached: true,
    env: { ...env, NO_COLOR: '1' },
  })
  return new Promise((resolve, reject) => {
    let output = ''
    const read = (chunk: Buffer): void => {
      output += chunk.toString()
      // oxlint-disable-next-line no-control-regex
      const url = output.replaceAll(/\u001b\[[0-9;]*m/g, '').match(/http:\/\/localhost:\d+\//)?.[0]
      if (url) resolve({ child, url })
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.on('exit', (code) => reject(new Error(`npm run ${script} ended with ${code}:\n${output}`)))
  })
}

test('the README adds Ibex to an existing app: types, dev, build and preview', async ({ guest }) => {
  test.setTimeout(240_000)
  const folder = mkdtempSync(join(tmpdir(), 'ibex-existing-app-'))
  const running: ChildProcess[] = []
  try {
    const packed = npm(ROOT, 'pack', '--silent', '--pack-destination', folder).trim().split('\n').at(-1)!
    cpSync(join(ROOT, 'examples/existing-app'), folder, {
      recursive: true,
      filter: (path) => !path.includes('node_modules'),
    })
    const readme = steps()
    expect([...readme.keys()].sort()).toEqual(['run', 'src/main.tsx', 'vite.config.ts'])
    npm(folder, 'install', '--no-audit', '--no-fund')
    // The one liberty: the package comes from here, not from the registry.
    const install = readme.get('run')!.trim().split(' ')
    expect(install.slice(0, 2)).toEqual(['npm', 'install'])
    npm(
      folder,
      'install',
      '--no-audit',
      '--no-fund',
      ...install.slice(2).map((name) => (name === 'ibex-state' ? `./${packed}` : name)),
    )
    for (const file of ['src/main.tsx', 'vite.config.ts']) writeFileSync(join(folder, file), `${readme.get(file)!}\n`)

    npm(folder, 'run', 'build')
    for (const script of ['dev', 'preview']) {
      const { child, url } = await run(folder, script)
      running.push(child)
      const [ada, lin] = await Promise.all([guest(), guest()])
      const errors: string[] = []
      for (const page of [ada, lin]) page.on('pageerror', (error) => errors.push(String(error)))
      await ada.goto(url)
      await lin.goto(url)
      await ada.getByRole('button', { name: 'Add' }).click()
      const typed = `Typed under ${script}`
      await lin.getByRole('textbox').last().fill(typed)
      await expect(ada.getByRole('textbox').last()).toHaveValue(typed)
      await ada.reload()
      await expect(ada.getByRole('textbox').last()).toHaveValue(typed)
      expect(errors).toEqual([])
      await Promise.all([ada.close(), lin.close()])
    }
  } finally {
    for (const child of running) process.kill(-child.pid!, 'SIGTERM')
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
})
