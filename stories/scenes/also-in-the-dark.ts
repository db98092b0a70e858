/**
 * In the dark a document differs by its colours only. So each story runs once, in light, and what it has come to is then looked
 * at in the dark too: whether everything can still be read there.
 */
export async function alsoInTheDark({ canvasElement }: { canvasElement: HTMLElement }): Promise<void> {
  const { default: axe } = await import('axe-core')
  const { body } = canvasElement.ownerDocument
  const themed = Array.from(body.querySelectorAll<HTMLElement>('[data-theme]'), (element) => ({
    element,
    theme: element.dataset['theme'],
  }))
  const turn = (theme?: string): void => {
    for (const { element, theme: own } of themed) element.dataset['theme'] = theme ?? own
    // Colours that are on their way are neither the old nor the new ones.
    for (const animation of body.getAnimations({ subtree: true }))
      if (animation instanceof CSSTransition) animation.finish()
  }
  turn('dark')
  try {
    const { violations } = await axe.run(body, {
      runOnly: ['color-contrast'],
      preload: false,
      resultTypes: ['violations'],
    })
    if (violations.length === 0) return
    const found = violations.flatMap(({ nodes }) =>
      nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary}`),
    )
    throw new Error(`In the dark:\n${found.join('\n')}`)
  } finally {
    turn()
  }
}
