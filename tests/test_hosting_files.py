"""The files that people host with name what the server really has: settings, addresses, counts.

No cluster and no Docker is asked; nginx reads its file in tests/page/test_behind_nginx.py.
"""

import json
import re
from pathlib import Path

import pytest

from app.metrics import exposition
from app.settings import PREFIX, Settings

yaml = pytest.importorskip("yaml")
FOLDER = Path(__file__).parents[1] / "docs" / "how-to" / "hosting"
CLUSTER = {
    document["kind"]: document
    for document in yaml.safe_load_all((FOLDER / "kubernetes.yaml").read_text("utf-8"))
}
COMPOSE = yaml.safe_load((FOLDER / "compose.yaml").read_text("utf-8"))
PODS = CLUSTER["Deployment"]["spec"]["template"]
[CONTAINER] = PODS["spec"]["containers"]
COUNTED = set(re.findall(r"^# TYPE (\w+)", exposition().decode(), re.M))


def test_the_settings_that_the_files_set_are_settings(monkeypatch):
    in_cluster = {entry["name"]: entry["value"] for entry in CONTAINER["env"]}
    for environment in (in_cluster, COMPOSE["services"]["app"]["environment"]):
        assert all(isinstance(value, str) for value in environment.values())
        for name, value in environment.items():
            if name.startswith(PREFIX):
                assert name.removeprefix(PREFIX).lower() in Settings.model_fields
                monkeypatch.setenv(name, value)
        Settings()
        # Else all visitors have one address, the proxy's, and that has half of the places.
        assert environment["FORWARDED_ALLOW_IPS"] == "*"


def test_a_pod_can_write_nothing_but_its_folder_and_gets_no_service_links():
    pod, own = PODS["spec"], CONTAINER["securityContext"]
    assert pod["enableServiceLinks"] is False
    assert pod["automountServiceAccountToken"] is False
    # The image names its user by name: without a number the cluster cannot tell that it is not 0.
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] > 0
    assert own["readOnlyRootFilesystem"] is True
    assert own["allowPrivilegeEscalation"] is False
    assert own["capabilities"] == {"drop": ["ALL"]}
    assert [mount["mountPath"] for mount in CONTAINER["volumeMounts"]] == ["/tmp"]
    assert COMPOSE["services"]["app"]["read_only"] is True


def test_probes_and_ports_are_those_of_the_server(monkeypatch):
    assert CONTAINER["livenessProbe"]["httpGet"] == {"path": "/healthz", "port": "http"}
    assert CONTAINER["readinessProbe"]["httpGet"] == {"path": "/readyz", "port": "http"}
    assert CONTAINER["startupProbe"]["httpGet"] == {"path": "/readyz", "port": "http"}
    [port] = CONTAINER["ports"]
    dockerfile = (FOLDER.parents[2] / "Dockerfile").read_text("utf-8")
    assert port["containerPort"] == int(re.search(r"^EXPOSE (\d+)", dockerfile, re.M)[1])
    [served] = CLUSTER["Service"]["spec"]["ports"]
    assert served["targetPort"] == port["name"]
    assert PODS["metadata"]["annotations"]["prometheus.io/path"] == "/metrics"
    stop = CONTAINER["lifecycle"]["preStop"]["exec"]["command"]
    assert int(stop[-1]) < PODS["spec"]["terminationGracePeriodSeconds"]


def test_everything_in_the_cluster_is_about_the_same_pods():
    labels = PODS["metadata"]["labels"]
    assert CLUSTER["Deployment"]["spec"]["selector"]["matchLabels"] == labels
    assert CLUSTER["Service"]["spec"]["selector"] == labels
    assert CLUSTER["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"] == labels
    target = CLUSTER["HorizontalPodAutoscaler"]["spec"]["scaleTargetRef"]
    assert (target["kind"], target["name"]) == (
        "Deployment",
        CLUSTER["Deployment"]["metadata"]["name"],
    )
    [rule] = CLUSTER["Ingress"]["spec"]["rules"]
    [path] = rule["http"]["paths"]
    assert path["backend"]["service"]["name"] == CLUSTER["Service"]["metadata"]["name"]


def test_the_autoscaler_goes_by_the_processor_and_by_sessions():
    metrics = CLUSTER["HorizontalPodAutoscaler"]["spec"]["metrics"]
    by_kind = {metric["type"]: metric for metric in metrics}
    assert by_kind["Resource"]["resource"]["name"] == "cpu"
    assert "cpu" in CONTAINER["resources"]["requests"]  # a share is a share of that
    assert by_kind["Pods"]["pods"]["metric"]["name"] in COUNTED
    least = CLUSTER["HorizontalPodAutoscaler"]["spec"]["minReplicas"]
    assert least > CLUSTER["PodDisruptionBudget"]["spec"]["minAvailable"]


def test_the_dashboard_draws_what_is_counted_and_leaves_nothing_out():
    board = json.loads((FOLDER / "grafana.json").read_text("utf-8"))
    asked = " ".join(target["expr"] for panel in board["panels"] for target in panel["targets"])
    names = set(re.findall(r"nestscope_\w+", asked))
    sampled = {re.sub(r"_(total|sum|count|bucket)$", "", name) for name in names}
    counted = {re.sub(r"_total$", "", name) for name in COUNTED if name.startswith("nestscope_")}
    assert sampled == {name for name in counted if not name.endswith("_created")}
    ids = [panel["id"] for panel in board["panels"]]
    assert len(ids) == len(set(ids))


def test_the_proxy_passes_on_what_the_server_and_the_page_need():
    text = (FOLDER / "nginx.conf").read_text("utf-8")
    [prefix] = set(re.findall(r"location (/\w+/) \{", text))
    app = COMPOSE["services"]["app"]
    assert app["environment"]["NESTSCOPE_ROOT_PATH"] == prefix.rstrip("/")
    [upstream] = re.findall(r"server (\w+):(\d+) max_fails", text)
    assert upstream == ("app", app["expose"][0])
    mounted = dict(volume.split(":")[:2] for volume in COMPOSE["services"]["proxy"]["volumes"])
    assert mounted["./nginx.conf"] == "/etc/nginx/conf.d/default.conf"
    for path in re.findall(r"ssl_certificate(?:_key)? (\S+);", text):
        assert path.startswith(f"{mounted['./tls']}/")
