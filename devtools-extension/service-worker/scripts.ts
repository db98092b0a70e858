/** Where the extension's scripts run: in the frames of origins that the user has named, and nowhere else. */

/** One after the other, since each looks at what is registered before it changes that. */
let registering: Promise<void> = Promise.resolve()

/** Makes what is registered fit what the user has allowed: from now on in every page that loads. */
export function registerScripts(): Promise<void> {
  registering = registering.then(register, register)
  return registering
}

async function register(): Promise<void> {
  const { origins = [] } = await chrome.permissions.getAll()
  const old = await chrome.scripting.getRegisteredContentScripts()
  if (old.length > 0) await chrome.scripting.unregisterContentScripts()
  if (origins.length === 0) return
  const everywhere = {
    matches: origins,
    allFrames: true,
    matchOriginAsFallback: true,
    runAt: 'document_start',
    persistAcrossSessions: true,
  } as const
  await chrome.scripting.registerContentScripts([
    { ...everywhere, id: 'page-hook', js: ['page-hook.js'], world: 'MAIN' },
    { ...everywhere, id: 'content-script', js: ['content-script.js'], world: 'ISOLATED' },
  ])
}

/** Runs the scripts in what a tab shows now. Whether the extension may. */
export async function lookInto(tab: number): Promise<boolean> {
  const target = { tabId: tab, allFrames: true }
  try {
    await chrome.scripting.executeScript({ target, files: ['page-hook.js'], world: 'MAIN', injectImmediately: true })
    await chrome.scripting.executeScript({ target, files: ['content-script.js'], injectImmediately: true })
    return true
  } catch {
    // The user has not allowed it, or it is a page that no extension may look into.
    return false
  }
}
