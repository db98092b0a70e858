/** Puts text on the clipboard, in every window that a panel is shown in. */
export async function copyText(view: Window, text: string): Promise<void> {
  try {
    await view.navigator.clipboard.writeText(text)
  } catch {
    // It is missing in pages without TLS, and may be barred in a frame of another origin, as in some browsers' devtools.
    if (!copyBySelection(view.document, text)) throw new Error('The browser did not let it be copied. Try once more.')
  }
}

function copyBySelection(document: Document, text: string): boolean {
  let focused = document.activeElement
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement
  const area = document.createElement('textarea')
  area.value = text
  area.style.cssText = 'position:fixed;inset:0 auto auto 0;opacity:0'
  document.body.append(area)
  area.select()
  try {
    // oxlint-disable-next-line typescript/no-deprecated
    return document.execCommand('copy')
  } finally {
    area.remove()
    if (focused && 'focus' in focused) (focused as HTMLElement).focus({ preventScroll: true })
  }
}
