// The tab's title: that of the page, and before it how much waits.

let page = ''
let waiting = 0

const show = () => {
  if (page) document.title = waiting > 0 ? `(${waiting}) ${page}` : page
}

export function setPageTitle(title: string): void {
  page = title
  show()
}

/** `count` things wait for an answer; 0 takes the number away. */
export function setTitleBadge(count: number): void {
  waiting = count
  show()
}
