// A page that was chosen in, the menu of a phone closed over it out.
// On a wide screen the pages stand in a row at the top, and there is no such menu.

const PHONE = 768;

export default function ({ data, parentElement }) {
  const root = parentElement.host ?? parentElement;
  if (root.gravixPage === data.page) return;
  root.gravixPage = data.page;
  const menu = document.querySelector('[data-testid="stSidebar"][data-collapsed="false"]');
  if (!menu || window.innerWidth > PHONE) return;
  menu.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
}
