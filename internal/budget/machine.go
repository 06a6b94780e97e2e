package budget

import (
	"fmt"
	"strconv"
	"strings"
)

// trait is a property of a machine that times depend on.
type trait struct {
	name, value string // the value is empty where it is not known
}

// class is what makes times of one machine comparable with those of another.
// Tool and kernel are no part of it: they move with every update.
func (m Machine) class() []trait {
	cpus := ""
	if m.CPUs > 0 {
		cpus = strconv.Itoa(m.CPUs)
	}
	return []trait{{"engine", m.Engine}, {"CPU", m.CPU}, {"CPUs", cpus}}
}

// SameClass reports whether times taken on m and on other can stand side by
// side: engine, CPU and number of CPUs are the same, and all of them known.
func (m Machine) SameClass(other Machine) bool {
	theirs := other.class()
	for i, mine := range m.class() {
		if mine.value == "" || mine != theirs[i] {
			return false
		}
	}
	return true
}

// classDifferences is what is known to differ between the classes of two
// machines, in words; empty where nothing is.
func classDifferences(then, now Machine) string {
	var differ []string
	current := now.class()
	for i, t := range then.class() {
		if n := current[i]; t.value != "" && n.value != "" && t != n {
			differ = append(differ, fmt.Sprintf("%s %s, now %s", t.name, t.value, n.value))
		}
	}
	return strings.Join(differ, "; ")
}
