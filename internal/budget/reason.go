package budget

import "errors"

// Reason is err as a Value's Reason and a Row's: what went wrong and, where the
// error or its cause knows what to do about it, a last line "hint: ...".
func Reason(err error) string {
	var mendable interface{ Hint() string }
	if errors.As(err, &mendable) && mendable.Hint() != "" {
		return err.Error() + "\nhint: " + mendable.Hint()
	}
	return err.Error()
}
