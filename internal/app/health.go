package app

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Forward progress: a duty that has not succeeded for so long is an alarm.
const (
	stalledAfter = 15 * time.Minute
	askWithin    = 5 * time.Second
)

// health answers at the listener of the one who operates the service. It knows
// counts and times, nothing of a case.
type health struct {
	house *House
	mu    sync.Mutex
	last  map[string]time.Time

	duties  *prometheus.CounterVec
	dead    prometheus.GaugeFunc
	oldest  prometheus.GaugeFunc
	metrics *prometheus.Registry
}

func newHealth(h *House) *health {
	out := &health{house: h, last: map[string]time.Time{}, metrics: prometheus.NewRegistry()}
	for _, d := range h.duties() {
		out.last[d.name] = time.Now()
	}
	out.duties = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "reprise_duties_total", Help: "turns of the schedule, by duty and outcome",
	}, []string{"duty", "outcome"})
	out.dead = prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "reprise_dead_jobs", Help: "jobs that gave up and wait for a person",
	}, out.countDead)
	out.oldest = prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "reprise_oldest_due_job_seconds", Help: "age of the oldest job that could have run by now",
	}, out.ageOfOldest)
	videos := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "reprise_looks_into_videos", Help: "1 if found videos are looked into, 0 if ffmpeg is missing",
	})
	if h.Office.Videos != nil {
		videos.Set(1)
	}
	out.metrics.MustRegister(out.duties, out.dead, out.oldest, videos, collectors.NewGoCollector())
	return out
}

func (x *health) done(duty string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.last[duty] = time.Now()
	x.duties.WithLabelValues(duty, "done").Inc()
}

func (x *health) failed(duty string) { x.duties.WithLabelValues(duty, "failed").Inc() }

func (x *health) countDead() float64 {
	ctx, cancel := context.WithTimeout(context.Background(), askWithin)
	defer cancel()
	dead, err := x.house.Queue.Dead(ctx)
	if err != nil {
		return -1
	}
	return float64(len(dead))
}

func (x *health) ageOfOldest() float64 {
	ctx, cancel := context.WithTimeout(context.Background(), askWithin)
	defer cancel()
	due, err := x.house.Queue.Due(ctx)
	if err != nil {
		return -1
	}
	oldest := 0.0
	for _, d := range due {
		oldest = max(oldest, time.Since(d.Since).Seconds())
	}
	return oldest
}

// stalled names a duty that has not succeeded for too long, "" for none.
func (x *health) stalled() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	for name, at := range x.last {
		if time.Since(at) > stalledAfter {
			return name
		}
	}
	return ""
}

// handler answers /healthz (the process lives), /readyz (the database answers
// and every duty goes forward) and /metrics.
func (x *health) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "alive") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), askWithin)
		defer cancel()
		switch name := x.stalled(); {
		case x.house.Store.Ping(ctx) != nil:
			say(w, http.StatusServiceUnavailable, "the database does not answer")
		case name != "":
			say(w, http.StatusServiceUnavailable, "no progress: "+name)
		default:
			say(w, http.StatusOK, "ready")
		}
	})
	mux.Handle("GET /metrics", promhttp.HandlerFor(x.metrics, promhttp.HandlerOpts{}))
	return mux
}

func say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text + "\n"))
}
