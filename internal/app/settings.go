package app

import (
	"fmt"
	"net/url"
	"os"
	"reflect"
)

// setting is one line of `reprise config`.
type setting struct{ name, value, source, help string }

// settings lists every setting with its value, where it came from and what it
// means. Secrets are masked.
func (c Config) settings() []setting {
	return settingsOf(reflect.ValueOf(c))
}

func settingsOf(v reflect.Value) []setting {
	var out []setting
	for i := range v.NumField() {
		field, value := v.Type().Field(i), v.Field(i)
		if field.Type.Kind() == reflect.Struct {
			out = append(out, settingsOf(value)...)
			continue
		}
		name := field.Tag.Get("env")
		if name == "" {
			continue
		}
		source := "default"
		if _, set := os.LookupEnv(name); set {
			source = "environment"
		} else if fmt.Sprint(value.Interface()) != field.Tag.Get("default") && !value.IsZero() {
			source = "flag or file"
		}
		out = append(out, setting{name, masked(fmt.Sprint(value.Interface())), source, field.Tag.Get("help")})
	}
	return out
}

// masked hides the password of an address.
func masked(value string) string {
	u, err := url.Parse(value)
	if err != nil || u.User == nil {
		return value
	}
	return u.Redacted()
}
