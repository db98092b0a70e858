import { type RefObject, useEffect } from 'react'
import { usePanel } from '../state/panel-context.js'
import type { RepositorySession } from '../state/repository-session.js'
import { listIn } from '../frame/focus-kept.js'
import { KEYS, nameOfKey } from './keys.js'

/** Answers keys that nothing smaller has answered; without a repository, those that need none. */
export function useKeys(box: RefObject<HTMLElement | null>, session: RepositorySession | undefined): void {
  const panel = usePanel()
  useEffect(() => {
    const element = box.current
    // A page of its own gets the keys wherever the focus is; in another's page only those within.
    const root = element?.getRootNode()
    if (!element || !root) return undefined
    const onKeyDown = (event: Event): void => {
      if (!(event instanceof (element.ownerDocument.defaultView ?? window).KeyboardEvent)) return
      if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
      if (panel.help.get() || isTyping(event)) return
      if (event.key === '/') element.querySelector<HTMLElement>('[data-filter]')?.focus()
      else if (isToList(event, element)) listIn(element).focus()
      else {
        const command = KEYS.find(({ keys }) => keys.includes(nameOfKey(event)))
        if (!command) return
        if (command.anywhere) command.run(panel)
        else if (session) command.run(panel, session)
        else return
      }
      event.preventDefault()
    }
    root.addEventListener('keydown', onKeyDown)
    return () => root.removeEventListener('keydown', onKeyDown)
  }, [box, panel, session])
}

/** Up and down, where nothing in particular has the focus, go to the list of the view. */
function isToList({ key, target }: KeyboardEvent, panel: HTMLElement): boolean {
  if ((key !== 'ArrowDown' && key !== 'ArrowUp') || !panel.querySelector('[data-list]')) return false
  return target === panel || target === panel.ownerDocument.body || (target as Element).matches('[role=tabpanel]')
}

/** Whether what has the focus needs the key itself. */
function isTyping(event: KeyboardEvent): boolean {
  const [target] = event.composedPath()
  if (!target || !('matches' in target)) return false
  const element = target as HTMLElement
  if (element.isContentEditable || element.matches('textarea, select, input:not([type=checkbox])')) return true
  return (event.key === ' ' || event.key === 'Enter') && element.matches('button, a, input, summary')
}
