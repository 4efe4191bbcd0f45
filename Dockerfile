# Isogloss in a container: not root, the demo read-only, no network needed once it runs.
#
#   docker build -t isogloss .                                  # without encoders
#   docker build --build-arg EXTRAS=[encoders] --build-arg PIP_EXTRA_INDEX_URL=… -t isogloss:encoders .
#                                  # … is PyTorch's index of CPU builds: without it torch brings three gigabytes of CUDA
#   docker run --rm --network none --read-only --tmpfs /tmp --tmpfs /home/isogloss isogloss isogloss neighbors un-debates climate
#   docker run --rm -p 127.0.0.1:8501:8501 --read-only --tmpfs /tmp --tmpfs /home/isogloss isogloss
#
# It answers to localhost alone: -e ISOGLOSS_HOST_NAMES=viz.example.org behind a proxy.
FROM python:3.11-slim-bookworm AS built
ARG EXTRAS=""
ARG PIP_EXTRA_INDEX_URL=""
WORKDIR /source
COPY pyproject.toml README.md LICENSE requirements.txt app.py ./
COPY .streamlit .streamlit
COPY assets assets
COPY components components
COPY pages pages
COPY isogloss isogloss
# The versions that the tests run on; torch and what teaches models come with EXTRAS alone.
RUN apt-get update && apt-get install -y --no-install-recommends binutils \
 && grep -vE '^(torch|sentence-transformers|accelerate|datasets|peft)==' requirements.txt > pinned.txt \
 && python -m venv /isogloss \
 && /isogloss/bin/pip install --no-cache-dir --no-compile -r pinned.txt \
 && /isogloss/bin/pip install --no-cache-dir --no-compile -c requirements.txt ".${EXTRAS}"
# A third is tests, headers, symbols and what notebooks show; what is imported at every start stays compiled.
RUN cd /isogloss/lib/python3.11/site-packages \
 && find . -type d \( -name tests -o -name test \) -prune -exec rm -rf {} + \
 && rm -rf pip pip-*.dist-info plotly/labextension pydeck/nbextension/static pyarrow/include pyarrow/*flight* /isogloss/share/jupyter \
 && find . -name '*.so*' -type f -not -path '*.libs/*' -exec strip --strip-unneeded {} + \
 && /isogloss/bin/python -m compileall -q isogloss streamlit numpy pyarrow faiss starlette tornado google

FROM python:3.11-slim-bookworm
RUN useradd --create-home --uid 10001 isogloss
COPY --from=built /isogloss /isogloss
ENV PATH=/isogloss/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    ISOGLOSS_HOME=/home/isogloss/data \
    ISOGLOSS_VISITORS=1 \
    ISOGLOSS_LOG=json \
    STREAMLIT_SERVER_ADDRESS=0.0.0.0 \
    HF_HUB_OFFLINE=1 \
    NUMBA_CACHE_DIR=/tmp/numba
USER isogloss
WORKDIR /home/isogloss
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=40s \
  CMD ["python", "-c", "import urllib.request as u; assert u.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4).read() == b'ok'"]
CMD ["isogloss", "serve", "--headless", "--port", "8501"]
