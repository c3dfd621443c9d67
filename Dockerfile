# docker build -t nestscope . && docker run --init -p 8000:8000 nestscope
#
# --init puts a process 1 in front that forwards signals and reaps what dies; without it the server stops as well.
# The base image is named by tag. For a build that can be repeated, name it by digest:
#   docker build --build-arg BASE=debian@sha256:... -t nestscope .
ARG BASE=debian:bookworm-slim

FROM $BASE AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends binutils ca-certificates python3-venv
WORKDIR /nestscope
COPY pyproject.toml ./
COPY requirements/install.sh requirements/serve.txt requirements/link_copies.py requirements/
# Another address of PyTorch's index of CPU builds: --build-arg TORCH_INDEX=...
ARG TORCH_INDEX=""
RUN VENV=/opt/nestscope PIP_NO_CACHE_DIR=1 requirements/install.sh serve
# What is no use to a server: headers, test programs, symbols for a debugger, what installs packages, the parts of
# pyarrow that talk to other machines, those of scipy beside its statistics, the graphs of torch's compiler, and all of
# plotly but the script that the pages load. The libraries that were packed into numpy and scipy do not bear `strip`.
RUN cd /opt/nestscope/lib/python3.11/site-packages \
 && rm -rf torch/include torch/share torch/test torch/lib/*test.so \
      pyarrow/include pyarrow/src pyarrow/*flight* pyarrow/*s3* pyarrow/*.pyx pyarrow/*.pxi \
      scipy/signal scipy/io scipy/cluster scipy/odr scipy/fftpack scipy/datasets scipy/differentiate \
      networkx pyarrow/_pyarrow_cpp_tests* \
      narwhals /opt/nestscope/bin/pip* pip pip-*.dist-info setuptools setuptools-*.dist-info \
      _distutils_hack distutils-precedence.pth /opt/nestscope/share \
 && find plotly -type f -not -name plotly.min.js -not -path plotly/__init__.py -delete \
 && find torch/bin -mindepth 1 -not -name torch_shm_manager -delete \
 && find . -type d -name tests -not -path './torch/*' -prune -exec rm -rf {} + \
 && find . -type f -name '*.so*' -not -path '*.libs/*' -exec strip --strip-unneeded {} + \
 && find . -type f -name '*.pyi' -delete \
 && find . -type d -name __pycache__ -prune -exec rm -rf {} + \
 && /opt/nestscope/bin/python /nestscope/requirements/link_copies.py .
COPY . .
# The container cannot write: bytecode is made here, or again at every start. To import every module makes that of what
# they use, half of all, and shows that nothing they need was removed.
RUN /opt/nestscope/bin/python -m compileall -q . \
 && /opt/nestscope/bin/python requirements/import_all.py models analysis app \
 && rm -rf requirements

FROM $BASE
LABEL org.opencontainers.image.title="Nestscope" \
      org.opencontainers.image.description="What the memory cells of recurrent character models remember, and for how long" \
      org.opencontainers.image.version="0.2.0" \
      org.opencontainers.image.licenses="MIT AND LicenseRef-weights"
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 \
 && apt-get clean && rm -rf /var/lib/apt/lists/* /usr/share/doc /usr/share/locale /usr/share/man \
      /usr/share/info /usr/lib/python3.11/test /usr/lib/python3.11/pydoc_data /usr/lib/python3.11/lib2to3 \
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
