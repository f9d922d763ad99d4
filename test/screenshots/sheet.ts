/** One picture: where it is, and what it shows. */
export interface Shot {
  file: string
  page: string
  who: string
  width: number
  theme: string
  /** the button that opened the dialog on it, or what is amiss; empty for the page itself */
  dialog: string
}

const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** All pictures on one page of HTML, by the app's pages. */
export function contactSheet(shots: readonly Shot[]): string {
  const pages = [...new Set(shots.map(({ page }) => page))]
  const figure = ({ file, who, width, theme, dialog }: Shot) => {
    const says = escaped([who, dialog, `${width} px`, theme].filter(Boolean).join(', '))
    return `<figure><a href="${escaped(file)}"><img loading="lazy" src="${escaped(file)}" alt="${says}" width="${width / 4}"></a><figcaption>${says}</figcaption></figure>`
  }
  const section = (page: string) =>
    `<section id="${escaped(page)}"><h2>${escaped(page)}</h2><div>${shots
      .filter((shot) => shot.page === page)
      .map(figure)
      .join('\n')}</div></section>`
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Granary, every page</title>
<style>body{font:14px system-ui;margin:2rem;background:#777;color:#fff}nav a{color:#fff;margin-right:1rem}
div{display:flex;flex-wrap:wrap;gap:1rem;align-items:start}figure{margin:0;max-width:20rem}</style>
<h1>${shots.length} pictures of ${pages.length} pages</h1>
<nav>${pages.map((page) => `<a href="#${escaped(page)}">${escaped(page)}</a>`).join('')}</nav>
${pages.map(section).join('\n')}
</html>
`
}
