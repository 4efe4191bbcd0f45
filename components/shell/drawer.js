// Says the language of the page and its direction to the document, for those who hear it and for the layout.
// Closes the drawer once a page is loaded, or a window has become so narrow that it would take the room of the finding:
// Streamlit leaves it open from 768 px on, which at 150 % of zoom is a whole projector.
// Streamlit opens groups by a script's motion of half a second: who asked for less motion gets none.
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
if (!window.isoCalm) {
  window.isoCalm = Element.prototype.animate;
  Element.prototype.animate = function (frames, options) {
    return window.isoCalm.call(this, frames, !calm.matches ? options : typeof options === "object" ? { ...options, duration: 0 } : 0);
  };
}

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
