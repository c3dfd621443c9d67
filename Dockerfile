# docker build -t nestscope . && docker run -p 8000:8000 nestscope

FROM debian:bookworm-slim AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates python3-venv
WORKDIR /nestscope
COPY pyproject.toml ./
COPY requirements/install.sh requirements/serve.txt requirements/
# Another address of PyTorch's index of CPU builds: --build-arg TORCH_INDEX=...
ARG TORCH_INDEX=""
RUN VENV=/opt/nestscope PIP_NO_CACHE_DIR=1 requirements/install.sh serve
# Headers, test programs and what installs packages: a fifth of the size, and no use to a server.
RUN cd /opt/nestscope/lib/python3.11/site-packages \
 && rm -rf torch/include torch/share torch/test /opt/nestscope/bin/pip* \
      pip pip-*.dist-info setuptools setuptools-*.dist-info _distutils_hack distutils-precedence.pth \
 && find torch/bin -mindepth 1 -not -name torch_shm_manager -delete \
 && find . -type d -name tests -not -path './torch/*' -prune -exec rm -rf {} +
COPY . .
# The container cannot write: bytecode is made here, or again at every start.
RUN /opt/nestscope/bin/python -m compileall -q . && rm -rf requirements

FROM debian:bookworm-slim
LABEL org.opencontainers.image.title="Nestscope" \
      org.opencontainers.image.description="What the memory cells of recurrent character models remember, and for how long" \
      org.opencontainers.image.version="0.2.0" \
      org.opencontainers.image.licenses="MIT AND LicenseRef-weights"
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 \
 && apt-get clean && rm -rf /var/lib/apt/lists/* \
 && useradd --system nestscope
COPY --from=build /opt/nestscope /opt/nestscope
COPY --from=build /nestscope /nestscope
WORKDIR /nestscope
USER nestscope
ENV PATH=/opt/nestscope/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    NESTSCOPE_HOST=0.0.0.0 \
    NESTSCOPE_PORT=8000
EXPOSE 8000
HEALTHCHECK --start-period=30s --timeout=5s CMD python -c \
  "from urllib.request import urlopen; urlopen('http://127.0.0.1:$NESTSCOPE_PORT/healthz', timeout=4)"
CMD ["python", "-m", "app"]
