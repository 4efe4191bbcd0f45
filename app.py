"""Home: a finding, the collections at hand, one click to each page."""

import streamlit as st

if __name__ == "__main__":  # a visit
    from components.home.panel import home

    home()
else:  # `streamlit run` found the app below and imports this file, once, to serve it
    from starlette.middleware import Middleware

    from components.serving.frontend import Frontend
    from components.serving.life import tended
    from components.serving.wall import Wall

    def prepare() -> None:
        from components.home import panel  # beside the first requests, not before them
        from components.separation import making

        panel.prepare()
        making.beforehand()

    app = st.App(__file__, middleware=[Middleware(Wall), Middleware(Frontend)], lifespan=tended(prepare))
