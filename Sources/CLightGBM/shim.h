// SPDX-License-Identifier: MIT
// The part of LightGBM 4's C interface that is used here; its wheel carries no header.
#pragma once
#include <stdint.h>

typedef void *LGBMHandle;

// Macros, because Swift imports them as Int32, the type that the functions take.
#define LGBM_FLOAT32 0
#define LGBM_FLOAT64 1
#define LGBM_PREDICT_NORMAL 0
#define LGBM_IMPORTANCE_GAIN 1

const char *LGBM_GetLastError(void);
int LGBM_RegisterLogCallback(void (*callback)(const char *));

int LGBM_DatasetCreateFromMat(const void *data, int data_type, int32_t rows, int32_t columns,
                              int is_row_major, const char *parameters, LGBMHandle reference,
                              LGBMHandle *out);
int LGBM_DatasetSetField(LGBMHandle dataset, const char *field, const void *data, int count,
                         int type);
int LGBM_DatasetSetFeatureNames(LGBMHandle dataset, const char **names, int count);
int LGBM_DatasetFree(LGBMHandle dataset);

int LGBM_BoosterCreate(LGBMHandle dataset, const char *parameters, LGBMHandle *out);
int LGBM_BoosterLoadModelFromString(const char *model, int *out_iterations, LGBMHandle *out);
int LGBM_BoosterFree(LGBMHandle booster);
int LGBM_BoosterAddValidData(LGBMHandle booster, LGBMHandle dataset);
int LGBM_BoosterUpdateOneIter(LGBMHandle booster, int *is_finished);
int LGBM_BoosterUpdateOneIterCustom(LGBMHandle booster, const float *gradients,
                                    const float *hessians, int *is_finished);
int LGBM_BoosterGetNumPredict(LGBMHandle booster, int data_index, int64_t *out_length);
int LGBM_BoosterGetPredict(LGBMHandle booster, int data_index, int64_t *out_length,
                           double *out_result);
int LGBM_BoosterGetEval(LGBMHandle booster, int data_index, int *out_length, double *out_results);
int LGBM_BoosterGetNumFeature(LGBMHandle booster, int *out_length);
int LGBM_BoosterGetFeatureNames(LGBMHandle booster, const int length, int *out_length,
                                const uintptr_t buffer_length, uintptr_t *out_buffer_length,
                                char **out_names);
int LGBM_BoosterSaveModelToString(LGBMHandle booster, int start_iteration, int iterations,
                                  int importance_type, int64_t buffer_length, int64_t *out_length,
                                  char *out_text);
int LGBM_BoosterFeatureImportance(LGBMHandle booster, int iterations, int importance_type,
                                  double *out_results);
int LGBM_BoosterPredictForMat(LGBMHandle booster, const void *data, int data_type, int32_t rows,
                              int32_t columns, int is_row_major, int predict_type,
                              int start_iteration, int iterations, const char *parameters,
                              int64_t *out_length, double *out_result);
