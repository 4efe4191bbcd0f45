// Says the language of the page and its direction to the document, for those who hear it and for the layout.
// Closes the drawer once a page is loaded, or a window has become so narrow that it would take the room of the finding:
// Streamlit leaves it open from 768 px on, which at 150 % of zoom is a whole projector.
export default function ({ data }) {
  if (data.lang) Object.assign(document.documentElement, { lang: data.lang, dir: data.dir });
  const NARROW = 1100;
  const close = () => {
    const drawer = document.querySelector('[data-testid="stSidebar"]');
    const box = drawer?.getBoundingClientRect();
    if (innerWidth <= NARROW && (data.dir === "rtl" ? box?.width : box?.right) > 40) drawer.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
  };
  if (window.isoDrawer === undefined) close();
  const turned = () => { const narrow = innerWidth <= NARROW; if (narrow && !window.isoDrawer) close(); window.isoDrawer = narrow; };
  turned();
  addEventListener("resize", turned);
  return () => removeEventListener("resize", turned);
}
